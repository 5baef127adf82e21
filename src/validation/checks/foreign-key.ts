import { didYouMean } from '../../domain/did-you-mean.ts';
import type { CheckEnv } from '../check-env.ts';
import { labelOf } from '../layout.ts';
import { keysMatch } from '../references/keys-match.ts';
import { saidOf, wordsOf } from '../wording.ts';
import type { CatalogueEntry } from './entry.ts';

export const entries: readonly CatalogueEntry[] = [
  {
    code: 'foreign-key',
    title: 'A value is not in the list it refers to',
    meaning:
      'The list is that of its current delivery of the same period, loaded or not; without one, that of core.',
    example: "region_code 'NX', which the list of regions does not have.",
    cure: 'Correct the value, or deliver a list that has it.',
  },
];

/** Suggestions for a wrong value come from at most this many keys. */
const MAX_CANDIDATES = 5000;

export async function checkForeignKeys(env: CheckEnv): Promise<void> {
  for (const [i, key] of env.dataset.foreignKeys.entries()) {
    const reference = env.references[i];
    const own = key.dataset === env.dataset.name;
    const { columns, listed, same } = keysMatch(env.plan, key, reference);
    const filled = columns.map((column) => `s.v${column.index} IS NOT NULL`).join(' AND ');
    const rows = `SELECT s.rid FROM s ANTI JOIN ${listed} AS k ON ${same} WHERE ${filled}`;
    if ((await env.scratch.count(`SELECT count(*) FROM (${rows})`)) === 0) continue;
    const [first] = columns;
    if (first !== undefined && columns.length === 1 && first.source === null && first.slice !== null) {
      const keys = reference?.pii === false ? await firstKeys(listed) : [];
      const meant = didYouMean(first.slice, keys);
      env.tableFindings.push({
        name: `slice ${first.name}`,
        severity: 'error',
        field: first.name,
        ...saidOf('slice-value.list', {
          column: labelOf(first.field),
          value: first.field.pii ? 'a value' : `'${first.slice}'`,
          list: own ? 'this file' : `the list '${key.dataset}'`,
          meant: meant === null ? '' : ` (did you mean '${meant}'?)`,
        }),
      });
      continue;
    }
    const about = columns.map((column) => labelOf(column.field)).join(' + ');
    const where = own ? 'this file' : `the list '${key.dataset}'`;
    await env.faults.add(
      {
        name: `foreign-key ${key.fields.join(', ')}`,
        severity: 'error',
        columns: columns.filter((column) => column.source !== null),
        ...wordsOf('foreign-key', { column: about, list: where }),
        candidates: async () =>
          columns.length > 1 || own || reference?.pii !== false ? [] : firstKeys(listed),
      },
      rows,
    );
  }

  async function firstKeys(listed: string): Promise<readonly string[]> {
    const rows = await env.scratch.rows<{ k: string }>(
      `SELECT DISTINCT k0::VARCHAR AS k FROM ${listed} WHERE k0 IS NOT NULL ORDER BY 1 LIMIT ${MAX_CANDIDATES}`,
    );
    return rows.map(({ k }) => k);
  }
}
