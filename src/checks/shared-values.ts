import type { CheckEnv } from './check-env.ts';
import type { FindingEntry } from './finding-entry.ts';
import { columnNamed, type PlannedColumn } from './planned-column.ts';
import { type Strict, softenedBy } from './strictness.ts';
import { type RuleWords, wordings } from './wording.ts';

export const FINDINGS: readonly FindingEntry[] = [
  {
    code: 'unique-error',
    title: 'A value that may occur once occurs several times',
    meaning: 'All rows that share the value are rejected, because nobody can know which one is right.',
    example: 'Two rows with national_id N000000123.',
    cure: 'Remove or correct all but one of them.',
  },
];

export const WORDINGS = wordings({
  'unique-error': {
    summary: '{column}: the value is in several rows',
    message: '{column}: {value} is in more than one row.',
    fix: 'Keep one of the rows that share it, or correct the others.',
  },
});

/** The value of a column; a slice that is not in the file is the same in every row and cannot tell rows apart. */
const value = (column: PlannedColumn) => `v${column.index}`;

/**
 * Values that each exceed the one before are all different. Keys are sorted most of the time, and this test costs a
 * twentieth of grouping them.
 */
async function isAscending({ engine, rows }: CheckEnv, value: string): Promise<boolean> {
  const steps = `SELECT ${value} > lag(${value}) OVER () AS up FROM ${rows.judged} WHERE ${value} IS NOT NULL`;
  const { up } = await engine.row<{ up: boolean | null }>(`SELECT bool_and(up) AS up FROM (${steps})`);
  return up !== false;
}

/** The key of a row as one value. */
function keyOf(env: CheckEnv): string {
  const key = env.dataset.core.key.map((name) => value(columnNamed(env, name)));
  return key.length === 1 ? (key[0] as string) : `row(${key.join(', ')})`;
}

/** All rows of the delivery that share a value; one that is not in the file is the same in every row. */
export async function addShared(
  env: CheckEnv,
  columns: readonly PlannedColumn[],
  rule: { readonly name: string } & RuleWords,
  strict?: Strict,
): Promise<void> {
  const inFile = columns.filter((column) => column.source !== null);
  const values = inFile.map(value);
  if (values.length === 0) return;
  const [only, second] = values;
  if (only !== undefined && second === undefined && !env.keysRepeat && (await isAscending(env, only))) return;
  const { engine, rows } = env;
  const filled = values.map((one) => `${one} IS NOT NULL`).join(' AND ');
  const things = env.keysRepeat ? `count(DISTINCT (${keyOf(env)}))` : 'count(*)';
  const shared = `SELECT ${values.join(', ')} FROM ${rows.judged} WHERE ${filled} GROUP BY ALL HAVING ${things} > 1`;
  await engine.run(`CREATE OR REPLACE TEMP TABLE shared AS ${shared}`);
  if ((await engine.count('SELECT count(*) FROM shared')) > 0) {
    const tuple = values.length === 1 ? values[0] : `(${values.join(', ')})`;
    await env.faults.add(
      {
        ...rule,
        severity: 'error',
        columns: inFile,
      },
      `SELECT rid FROM ${rows.judged} WHERE ${filled} AND ${tuple} IN (SELECT ${tuple} FROM shared)`,
      strict && softenedBy(strict, rule.summary, env.read),
    );
  }
  await engine.run('DROP TABLE shared');
}
