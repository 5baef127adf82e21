import type { PlannedColumn } from '../../checks/planned-column.ts';
import type { Dataset } from '../../domain/dataset.ts';
import type { CellCorrection } from '../../ledger/corrections.ts';
import { literal, quoteName } from '../../sql/sql.ts';
import type { Scratch } from '../scratch.ts';
import { type ClearCorrection, keyColumns } from './correction-texts.ts';

/** The outcome of one correction; `held` is the text of the value found, where it is not the expected one. */
export type Outcome =
  | { readonly is: 'applied' }
  | { readonly is: 'void'; readonly held: string | null }
  | { readonly is: 'no-such-row' };

export interface Overlaid {
  /** The corrected rows: `rid`, `r` the row in the delivered file, `m` null, `v0 …`. */
  readonly relation: string;
  /** A relation (rid, n): which correction changed which row. */
  readonly applied: string;
  /** By position in the list. */
  readonly outcomes: readonly Outcome[];
  /** Rows that differ from the delivered ones, and the number of cells that differ. */
  readonly rows: number;
  readonly cells: number;
}

/** Corrections of one dataset, with their typed texts. */
export interface ToLayOver {
  readonly plan: readonly PlannedColumn[];
  readonly dataset: Dataset;
  readonly corrections: readonly CellCorrection[];
  readonly texts: ClearCorrection;
}

/**
 * Applies typed corrections to the rows of a cleaned Parquet file, in their order: each where it finds the value that it
 * expects, which an earlier correction may have written.
 */
export async function layOver(
  scratch: Scratch,
  { plan, dataset, corrections, texts }: ToLayOver,
  parquetPath: string,
): Promise<Overlaid> {
  const columns = plan.map((column) => `${quoteName(column.name)} AS v${column.index}`);
  await scratch.run(
    `CREATE VIEW delivered AS SELECT file_row_number AS rid, "_source_row" AS r, ${columns.join(', ')}
     FROM read_parquet(${literal(parquetPath)}, hive_partitioning = false, file_row_number = true)`,
  );
  const same = keyColumns(plan, dataset).map((column, i) => `d.v${column.index} = x.k${i}`);
  // One pass over the file finds every row concerned, whichever of its fields are corrected.
  await scratch.run(
    `CREATE TABLE hit AS SELECT x.n, d.* FROM ${texts.relation} AS x JOIN delivered AS d ON ${same.join(' AND ')}`,
  );
  const applied = 'applied';
  await scratch.run(`CREATE TABLE ${applied} (rid BIGINT, n BIGINT)`);
  const corrected = plan.filter(({ name }) => corrections.some(({ field }) => field === name));
  for (const column of corrected) await layColumn(scratch, column, { corrections, texts, applied });
  const relation = await viewCorrected(scratch, plan, corrected);
  const outcomes = await outcomesOf(scratch, applied, corrected, corrections);
  const changed = corrected.map(
    ({ index }) => `SELECT rid FROM now_${index} WHERE v IS DISTINCT FROM before`,
  );
  const all = changed.length === 0 ? 'SELECT 1 AS rid WHERE false' : changed.join(' UNION ALL ');
  const { rows, cells } = await scratch.row<{ rows: string; cells: string }>(
    `SELECT count(DISTINCT rid)::VARCHAR AS rows, count(*)::VARCHAR AS cells FROM (${all})`,
  );
  return { relation, applied, outcomes, rows: Number(rows), cells: Number(cells) };
}

/**
 * Corrections of one cell are applied one after the other. Those of different cells are applied together: one round for
 * the first of each cell, one for the second, and so on.
 */
async function layColumn(
  scratch: Scratch,
  { index, name }: PlannedColumn,
  { corrections, texts, applied }: Pick<ToLayOver, 'corrections' | 'texts'> & { readonly applied: string },
): Promise<void> {
  const places = corrections.flatMap(({ field }, n) => (field === name ? [n] : [])).join(', ');
  await scratch.run(
    `CREATE TABLE turn_${index} AS SELECT h.rid, h.n, x.w${index} AS want, x.v${index} AS put,
       row_number() OVER (PARTITION BY h.rid ORDER BY h.n) AS round
     FROM hit AS h JOIN ${texts.relation} AS x USING (n) WHERE h.n IN (${places})`,
  );
  await scratch.run(
    `CREATE TABLE now_${index} AS SELECT DISTINCT rid, v${index} AS v, v${index} AS before FROM hit WHERE n IN (${places})`,
  );
  await scratch.run(`CREATE TABLE missed_${index} (n BIGINT, held VARCHAR)`);
  const rounds = await scratch.count(`SELECT coalesce(max(round), 0) FROM turn_${index}`);
  for (let round = 1; round <= rounds; round++) {
    const meets = `FROM turn_${index} AS u JOIN now_${index} AS s USING (rid) WHERE u.round = ${round} AND s.v`;
    await scratch.run(
      `INSERT INTO missed_${index} SELECT u.n, s.v::VARCHAR ${meets} IS DISTINCT FROM u.want`,
    );
    await scratch.run(`INSERT INTO ${applied} SELECT u.rid, u.n ${meets} IS NOT DISTINCT FROM u.want`);
    await scratch.run(
      `UPDATE now_${index} SET v = u.put FROM turn_${index} AS u WHERE u.rid = now_${index}.rid AND u.round = ${round}
         AND now_${index}.v IS NOT DISTINCT FROM u.want`,
    );
  }
}

async function viewCorrected(
  scratch: Scratch,
  plan: readonly PlannedColumn[],
  corrected: readonly PlannedColumn[],
): Promise<string> {
  const own = new Set(corrected.map(({ index }) => index));
  const value = ({ index }: PlannedColumn) =>
    own.has(index)
      ? `CASE WHEN s${index}.rid IS NULL THEN d.v${index} ELSE s${index}.v END AS v${index}`
      : `d.v${index}`;
  const joins = corrected.map(({ index }) => `LEFT JOIN now_${index} AS s${index} ON s${index}.rid = d.rid`);
  await scratch.run(
    `CREATE VIEW corrected AS SELECT d.rid, d.r, NULL::UINTEGER[] AS m, ${plan.map(value).join(', ')}
     FROM delivered AS d ${joins.join(' ')}`,
  );
  return 'corrected';
}

async function outcomesOf(
  scratch: Scratch,
  applied: string,
  corrected: readonly PlannedColumn[],
  corrections: readonly CellCorrection[],
): Promise<Outcome[]> {
  const places = new Set(
    (await scratch.rows<{ n: string }>(`SELECT n::VARCHAR AS n FROM ${applied}`)).map(({ n }) => n),
  );
  const missed = new Map<string, string | null>();
  for (const { index } of corrected) {
    const rows = await scratch.rows<{ n: string; held: string | null }>(
      `SELECT n::VARCHAR AS n, held FROM missed_${index}`,
    );
    for (const { n, held } of rows) missed.set(n, held);
  }
  return corrections.map((_, n) => {
    const place = String(n);
    if (places.has(place)) return { is: 'applied' };
    return missed.has(place) ? { is: 'void', held: missed.get(place) ?? null } : { is: 'no-such-row' };
  });
}
