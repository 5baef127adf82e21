import type { CheckEnv } from './check-env.ts';
import type { PlannedColumn } from './planned-column.ts';

/** Columns that identify a row and those that name the row above it, in the same order. */
export interface Tree {
  readonly key: readonly PlannedColumn[];
  readonly parent: readonly PlannedColumn[];
}

const all = (columns: readonly PlannedColumn[], test: string, table = '') =>
  columns.map(({ index }) => `${table}v${index} ${test}`).join(' AND ');

/** The row above, as a join of `n` and `p`. */
export function isParent({ key, parent }: Tree): string {
  return key.map((column, i) => `n.v${parent[i]?.index} = p.v${column.index}`).join(' AND ');
}

/** Rows that name a row above them: no part of its name is blank. */
export function hasParent({ parent }: Tree, table = ''): string {
  return all(parent, 'IS NOT NULL', table);
}

/**
 * Table `up(id, top, dist, done)`: for each row with a key, the row at the top of its tree and the number of levels
 * between them. `done` is false for rows in a loop or below one, and `top` is then a row of that loop. Where several
 * rows have one key, the first one counts. Each round doubles the number of known levels, so that a chain of a million
 * rows takes twenty rounds. A loop ends too: when the levels exceed the number of rows, a row that has not reached a
 * top never will.
 */
export async function followParents(env: CheckEnv, tree: Tree): Promise<void> {
  const { engine, rows: relations } = env;
  const columns = [...new Set([...tree.key, ...tree.parent])];
  const keys = tree.key.map(({ index }) => `v${index}`).join(', ');
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE named AS SELECT min(rid) AS id, ${keys} FROM ${relations.judged} WHERE ${all(tree.key, 'IS NOT NULL')} GROUP BY ${keys}`,
  );
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE up AS
     SELECT n.rid AS id, coalesce(p.id, n.rid) AS top, (p.id IS NOT NULL)::BIGINT AS dist,
       p.id IS NULL AS done, p.id IS NULL AS is_top,
       NOT (${hasParent(tree, 'n.')}) AND n.sound AS at_top
     FROM (SELECT rid, ${env.readable(tree.parent)} AS sound, ${columns.map(({ index }) => `v${index}`).join(', ')} FROM ${relations.judged}
       WHERE rid IN (SELECT id FROM named)) AS n
     LEFT JOIN named AS p ON ${isParent(tree)}`,
  );
  const rows = await engine.count('SELECT count(*) FROM up');
  for (let reached = 1; reached < 2 * rows; reached *= 2) {
    if ((await engine.count('SELECT count(*) FROM up WHERE NOT done')) === 0) break;
    await engine.run(
      `CREATE OR REPLACE TEMP TABLE up AS
       SELECT u.id, a.top, u.dist + a.dist AS dist, a.done OR a.is_top AS done, u.is_top, u.at_top
       FROM up AS u JOIN up AS a ON u.top = a.id`,
    );
  }
}

export interface Loop {
  /** Rows from the lowest to the highest, numbered as the analyst sees them. */
  readonly rows: readonly number[];
  /** The keys with which they name the row above. */
  readonly parents: readonly string[];
  /** False where there are more rows than asked for. */
  readonly whole: boolean;
}

/** The loops, each from its first row on; with at most this many rows in all. */
export async function loopsOf(env: CheckEnv, tree: Tree, most: number): Promise<readonly Loop[]> {
  const names = tree.parent.map(({ index }) => `n.v${index}::VARCHAR`).join(` || ', ' || `);
  const found = await env.engine.rows<{ id: string; row: string; parent: string; above: string }>(
    `SELECT n.rid AS id, n.r AS row, ${names} AS parent, p.id AS above FROM ${env.rows.judged} AS n JOIN named AS p ON ${isParent(tree)}
     WHERE n.rid IN (SELECT DISTINCT top FROM up WHERE NOT done) ORDER BY n.rid LIMIT ${most}`,
  );
  const left = new Map(found.map((one) => [String(one.id), one]));
  const loops: Loop[] = [];
  for (const first of found) {
    const members: typeof found = [];
    for (let at = left.get(String(first.id)); at !== undefined; at = left.get(String(at.above))) {
      members.push(at);
      left.delete(String(at.id));
    }
    if (members.length === 0) continue;
    loops.push({
      rows: members.map(({ row }) => Number(row)),
      parents: members.map(({ parent }) => parent),
      whole: String(members.at(-1)?.above) === String(first.id),
    });
  }
  return loops;
}
