import { type CheckEnv, columnNamed, soundCells } from '../check-env.ts';
import { labelOf, type PlannedColumn } from '../layout.ts';
import { type Strict, softenedBy } from '../strictness.ts';
import { wordsOf } from '../wording.ts';
import type { CatalogueEntry } from './entry.ts';

export const entries: readonly CatalogueEntry[] = [
  {
    code: 'unique-error',
    title: 'A value that may occur once occurs several times',
    meaning: 'All rows that share the value are rejected, because nobody can know which one is right.',
    example: 'Two rows with national_id N000000123.',
    cure: 'Remove or correct all but one of them.',
  },
  {
    code: 'primary-key',
    title: 'A key is missing or occurs several times',
    meaning:
      'Rows are told apart by their key. All rows that share a key are rejected, because nobody can know which one is right.',
    example: 'Two rows with citizen_id 17, or a row without one.',
    cure: 'Give each row a key of its own.',
  },
];

export async function checkUniqueFields(env: CheckEnv): Promise<void> {
  const [only, second] = env.dataset.primaryKey;
  for (const column of env.plan) {
    if (!column.field.constraints.unique || (second === undefined && only === column.name)) continue;
    const words = wordsOf('unique-error', { column: labelOf(column.field) });
    await addShared(env, [column], { name: 'unique', ...words }, column.field.rules.unique);
  }
}

export async function checkPrimaryKey(env: CheckEnv): Promise<void> {
  const key = env.dataset.primaryKey.map((name) => columnNamed(env, name));
  if (key.length === 0) return;
  const about = key.map((column) => labelOf(column.field)).join(' + ');
  // A key whose text does not fit its type, or that is missing where required, is already reported as such.
  for (const column of key) {
    if (column.field.constraints.required) continue;
    const missing = `${value(column)} IS NULL AND ${soundCells(env, [column])}`;
    await env.faults.add(
      {
        name: `missing ${column.name}`,
        severity: 'error',
        columns: [column],
        ...wordsOf('primary-key.missing', { column: labelOf(column.field) }),
      },
      `SELECT rid FROM s WHERE ${missing}`,
    );
  }
  await addShared(env, key, { name: 'primary-key', ...wordsOf('primary-key', { column: about }) });
}

/** The value of a column; a slice that is not in the file is the same in every row and cannot tell rows apart. */
const value = (column: PlannedColumn) => `v${column.index}`;

/**
 * Values that each exceed the one before are all different. Keys are sorted most of the time, and this test costs a
 * twentieth of grouping them.
 */
async function isAscending(env: CheckEnv, value: string): Promise<boolean> {
  const steps = `SELECT ${value} > lag(${value}) OVER () AS up FROM s WHERE ${value} IS NOT NULL`;
  const { up } = await env.scratch.row<{ up: boolean | null }>(`SELECT bool_and(up) AS up FROM (${steps})`);
  return up !== false;
}

/** All rows of the delivery that share a value; one that is not in the file is the same in every row. */
export async function addShared(
  env: CheckEnv,
  columns: readonly PlannedColumn[],
  rule: { readonly name: string } & ReturnType<typeof wordsOf>,
  strict?: Strict,
): Promise<void> {
  const inFile = columns.filter((column) => column.source !== null);
  const values = inFile.map(value);
  if (values.length === 0) return;
  const [only, second] = values;
  if (only !== undefined && second === undefined && (await isAscending(env, only))) return;
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
      },
      `SELECT rid FROM s WHERE ${filled} AND ${tuple} IN (SELECT ${tuple} FROM shared)`,
      strict && softenedBy(strict, rule.summary, env.read),
    );
  }
  await env.scratch.run('DROP TABLE shared');
}
