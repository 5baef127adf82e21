import { type CheckEnv, columnNamed, soundCells } from '../check-env.ts';
import { labelOf, type PlannedColumn } from '../layout.ts';
import { type Strict, softenedBy } from '../strictness.ts';
import type { CatalogueEntry } from './entry.ts';

export const entries: readonly CatalogueEntry[] = [
  {
    code: 'unique-error',
    title: 'A value that may stand once stands several times',
    meaning: 'All rows that share the value are rejected: which one is right cannot be known.',
    example: 'Two rows with national_id N000000123.',
    cure: 'Remove or correct all but one of them.',
  },
  {
    code: 'primary-key',
    title: 'A key is missing or stands several times',
    meaning: 'Rows are told apart by their key. All rows that share a key are rejected, none is guessed.',
    example: 'Two rows with citizen_id 17, or a row without one.',
    cure: 'Give each row a key of its own.',
  },
];

export async function checkUniqueFields(env: CheckEnv): Promise<void> {
  const [only, second] = env.dataset.primaryKey;
  for (const column of env.plan) {
    if (!column.field.constraints.unique || (second === undefined && only === column.name)) continue;
    const about = labelOf(column.field);
    const summary = `${about}: the value stands in several rows`;
    const rule = { code: 'unique-error', name: 'unique', summary, about };
    await addShared(env, [column], rule, column.field.rules.unique);
  }
}

export async function checkPrimaryKey(env: CheckEnv): Promise<void> {
  const key = env.dataset.primaryKey.map((name) => columnNamed(env, name));
  if (key.length === 0) return;
  const about = key.map((column) => labelOf(column.field)).join(' + ');
  // A key that is no value of its type, or missing where required, is reported as such already.
  for (const column of key) {
    if (column.field.constraints.required) continue;
    const label = labelOf(column.field);
    const summary = `${label} is missing; it is part of the key`;
    const missing = `${value(column)} IS NULL AND ${soundCells(env, [column])}`;
    await env.faults.add(
      {
        code: 'primary-key',
        name: `missing ${column.name}`,
        severity: 'error',
        columns: [column],
        summary,
        message: () => `${summary}.`,
        fix: () => 'Fill in the cell.',
      },
      `SELECT rid FROM s WHERE ${missing}`,
    );
  }
  await addShared(env, key, {
    code: 'primary-key',
    name: 'primary-key',
    summary: `${about}: the key stands in several rows`,
    about,
  });
}

/** The value of a column; a slice that is not in the file is the same in every row and tells nothing apart. */
const value = (column: PlannedColumn) => `v${column.index}`;

/** All rows of the delivery that share a value; one that is not in the file is the same in every row. */
export async function addShared(
  env: CheckEnv,
  columns: readonly PlannedColumn[],
  rule: { readonly code: string; readonly name: string; readonly summary: string; readonly about: string },
  strict?: Strict,
): Promise<void> {
  const inFile = columns.filter((column) => column.source !== null);
  const values = inFile.map(value);
  if (values.length === 0) return;
  const filled = values.map((one) => `${one} IS NOT NULL`).join(' AND ');
  const shared = `SELECT ${values.join(', ')} FROM s WHERE ${filled} GROUP BY ALL HAVING count(*) > 1`;
  await env.scratch.run(`CREATE OR REPLACE TEMP TABLE shared AS ${shared}`);
  if ((await env.scratch.count('SELECT count(*) FROM shared')) > 0) {
    const tuple = values.length === 1 ? values[0] : `(${values.join(', ')})`;
    await env.faults.add(
      {
        ...rule,
        severity: 'error',
        columns: inFile,
        message: (text) =>
          `${rule.about}: ${text === null ? 'the value' : `'${text}'`} stands in more than one row.`,
        fix: () => 'Keep one of the rows that share it, or correct the others.',
      },
      `SELECT rid FROM s WHERE ${filled} AND ${tuple} IN (SELECT ${tuple} FROM shared)`,
      strict && softenedBy(strict, rule.summary, env.read),
    );
  }
  await env.scratch.run('DROP TABLE shared');
}
