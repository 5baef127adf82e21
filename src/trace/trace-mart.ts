import { counted } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { Mart } from '../marts/mart.ts';
import { identityColumns, validAt } from '../promotion/core-shape.ts';
import { recordsByNumber } from '../records/records-of-row.ts';
import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import type { ColumnInfo, Session } from '../warehouse/warehouse.ts';
import { holds, matchingRows } from './matching-rows.ts';
import { periodAliases } from './period-alias.ts';
import type { RowTexts, Trace, TracedSource } from './traced.ts';

/** Limit on the keys of core rows that are shown, among those that share the grain. */
const NAMED = 5;

/** From a row of a mart to the rows of each core table it reads that share its grain; `no-such-row` where the mart has none. */
export async function traceMart(
  session: Session,
  mart: Mart,
  datasets: ReadonlyMap<string, Dataset>,
  wanted: ReadonlyMap<string, string | null>,
): Promise<Trace> {
  const ref = { schema: 'mart', name: mart.name } as const;
  const columns = await session.columns(ref);
  const found =
    columns === null
      ? null
      : await matchingRows(session, ref, columns, wanted, {
          most: 2,
          order: columns.slice(0, 1).map(({ name }) => name),
        });
  if (found === null || found.total === 0) {
    throw new TidemarkError('no-such-row', {
      message: `There is no such row of mart.${mart.name}.`,
      hint: `Its grain is ${mart.grain.join(', ') || 'one row'}; write name=value for each part.`,
    });
  }
  if (found.total > 1) {
    throw new TidemarkError('usage', {
      message: `${counted(found.total, 'row')} of mart.${mart.name} match; name one of them.`,
      hint: `Its grain is ${[...mart.grain, ...(mart.mode === 'period' ? ['_data_period'] : [])].join(', ')}.`,
    });
  }
  const row = found.rows[0] as RowTexts;
  const sources: TracedSource[] = [];
  const shared = new Set<string>();
  for (const table of mart.reads) {
    const dataset = [...datasets.values()].find((each) => each.core.table === table);
    const source = dataset && (await sourceOf(session, mart, dataset, row));
    if (!source) continue;
    sources.push(source);
    for (const name of source.shares) shared.add(name);
  }
  const made = mart.grain.filter((name) => !shared.has(name));
  const notes = [
    `The model ${mart.model.displayPath} makes this row out of others: it may filter, join and aggregate them.`,
    ...(made.length === 0
      ? []
      : [`${made.join(', ')} is made by the model, so rows with other values of it are counted too.`]),
  ];
  return { table: `mart.${mart.name}`, rows: [], more: 0, sources, notes };
}

async function sourceOf(
  session: Session,
  mart: Mart,
  dataset: Dataset,
  row: RowTexts,
): Promise<TracedSource | null> {
  const { table } = dataset.core;
  const columns = await session.columns({ schema: 'core', name: table });
  if (columns === null) return null;
  const shares = columns.filter(({ name }) => mart.grain.includes(name));
  const aliases = aliasesOf(mart, dataset, columns);
  const where = join(
    [
      ...shares.map((column) => holds(column, row.get(column.name) ?? null, 't')),
      ...aliases.map(({ column, period }) => holds(period, row.get(column) ?? null, 't')),
      ofPeriod(mart, dataset, row),
      // No mart has read rows that are not live yet.
      ...(dataset.core.rollout === 'staged' ? [sql`t._live`] : []),
    ],
    ' AND ',
  );
  const from = sql`${ident('core', table)} AS t WHERE ${where}`;
  const total = await countRows(session, from);
  const identity = identityColumns({ dataset, key: dataset.core.key });
  const texts = identity.map((name) => sql`CAST(${ident('t', name)} AS VARCHAR) AS ${ident(name)}`);
  const order = join(identity.map((name) => ident('t', name)));
  const isOfRecords = columns.some(({ name }) => name === '_updated_by_staging_id');
  const record = raw(isOfRecords ? 't._updated_by_staging_id' : 'CAST(NULL AS BIGINT)');
  const rows = await session.query<Record<string, string | null>>(
    sql`SELECT ${join(texts)}, CAST(${record} AS VARCHAR) AS _record FROM ${from} ORDER BY ${order} LIMIT ${raw(String(NAMED))}`,
  );
  const personal = new Set(dataset.fields.filter((field) => field.pii).map((field) => field.name));
  const unrelated = shares.length + aliases.length === 0 && mart.grain.length > 0;
  const keys =
    unrelated || identity.some((name) => personal.has(name))
      ? []
      : rows.map((each) => identity.map((name) => `${name}=${each[name]}`).join(','));
  const shared = [...names(shares), ...aliases.map(({ column }) => column)];
  const numbers = unrelated ? [] : rows.flatMap(({ _record: id }) => (id === null ? [] : [Number(id)]));
  const stored = await recordsByNumber(session, dataset, [...new Set(numbers)]);
  const records = stored.map(({ text: _, ...handed }) => handed);
  return { table: `core.${table}`, shares: shared, rows: total, keys, records };
}

/** Columns of the grain that are the period of this table's rows under another name. */
function aliasesOf(mart: Mart, dataset: Dataset, columns: readonly ColumnInfo[]) {
  const period = columns.find(({ name }) => name === '_data_period');
  if (period === undefined) return [];
  return periodAliases(mart)
    .filter(({ column }) => columns.every(({ name }) => name !== column))
    .filter(({ table }) => (table === null ? isOfPeriod(mart, dataset) : table === dataset.core.table))
    .map(({ column }) => ({ column, period }));
}

/** Whether a period that the model does not assign to a table can be this table's: a list read beside it has none. */
function isOfPeriod(mart: Mart, dataset: Dataset): boolean {
  return mart.reads.length === 1 || dataset.periodKind === mart.periodKind;
}

const names = (columns: readonly ColumnInfo[]) => columns.map(({ name }) => name);

/** The rows from which a mart of a period was made, as far as the table's strategy shows it. */
function ofPeriod(mart: Mart, dataset: Dataset, row: RowTexts): Sql {
  const period = mart.mode === 'period' ? (row.get('_data_period') ?? null) : null;
  if (period === null) return raw('true');
  if (dataset.core.strategy === 'history') return validAt(period, 't');
  const replaced = dataset.core.strategy === 'replace_period' && dataset.periodKind === mart.periodKind;
  return replaced ? sql`t._data_period = ${period}` : raw('true');
}
