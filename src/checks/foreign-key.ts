import { didYouMean } from '../domain/did-you-mean.ts';
import type { CheckEnv } from './check-env.ts';
import type { FindingEntry } from './finding-entry.ts';
import { keysMatch } from './keys-match.ts';
import { labelOf } from './planned-column.ts';
import { fileWords, wordings, wordsOf } from './wording.ts';

export const FINDINGS: readonly FindingEntry[] = [
  {
    code: 'foreign-key',
    title: 'A value is not in the list it refers to',
    meaning:
      'The list is that of its current delivery of the same period, loaded or not; without one, that of core.',
    example: "region_code 'NX', which the list of regions does not have.",
    cure: 'Correct the value, or deliver a list that has it.',
  },
];

export const WORDINGS = wordings({
  'foreign-key': {
    summary: '{column}: not in {list}',
    message: '{column}: {value} is not in {list}.',
    fix: 'Correct the value, or have it added to {list} first.',
  },
  'slice-value.list': {
    summary: '{column}: what the file name says is not in {list}',
    message: 'The file name says {value} for {column}, which {list} lacks{meant}.',
    fix: 'Correct the name of the file, or have the value added to {list} first.',
  },
});

/** Suggestions for a wrong value come from at most this many keys. */
const MAX_CANDIDATES = 5000;

export async function checkForeignKeys(env: CheckEnv): Promise<void> {
  for (const [i, key] of env.dataset.foreignKeys.entries()) {
    const reference = env.basis.references[i];
    if (reference === undefined) continue;
    const own = key.dataset === env.dataset.name;
    const { columns, listed, same } = keysMatch(env, key, reference);
    const filled = columns.map((column) => `j.v${column.index} IS NOT NULL`).join(' AND ');
    const rows = `SELECT j.rid FROM ${env.rows.judged} AS j ANTI JOIN ${listed} AS k ON ${same} WHERE ${filled}`;
    if ((await env.engine.count(`SELECT count(*) FROM (${rows})`)) === 0) continue;
    const [first] = columns;
    if (first !== undefined && columns.length === 1 && first.source === null && first.slice !== null) {
      const keys = !reference.pii ? await firstKeys(listed) : [];
      const meant = didYouMean(first.slice, keys);
      env.tableFindings.push({
        name: `slice ${first.name}`,
        severity: 'error',
        field: first.name,
        ...fileWords(WORDINGS['slice-value.list'], {
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
        ...wordsOf(WORDINGS['foreign-key'], { column: about, list: where }),
        candidates: async () => (columns.length > 1 || own || reference.pii ? [] : firstKeys(listed)),
      },
      rows,
    );
  }

  async function firstKeys(listed: string): Promise<readonly string[]> {
    const rows = await env.engine.rows<{ k: string }>(
      `SELECT DISTINCT k0::VARCHAR AS k FROM ${listed} WHERE k0 IS NOT NULL ORDER BY 1 LIMIT ${MAX_CANDIDATES}`,
    );
    return rows.map(({ k }) => k);
  }
}
