import type { CoreReference } from '../domain/dataset.ts';
import { columnList, ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import { identityTableName } from '../warehouse/migrate/dataset-tables.ts';
import type { ColumnInfo, Session } from '../warehouse/warehouse.ts';
import { type CoreShape, derivedColumns, sameKey } from './core-shape.ts';
import type { SessionTables } from './session-tables.ts';

/**
 * The rows to promote with their surrogate keys and those of the rows to which they refer. A new natural key gets the
 * next number, under the exclusive lock on the core table, and keeps it whatever happens to the row. Numbers are given
 * before parents are looked up, so that rows of one delivery may refer to each other in any order.
 */
export async function withSurrogateKeys(
  session: Session,
  scratch: SessionTables,
  shape: CoreShape,
  source: Sql,
): Promise<Sql> {
  if (derivedColumns(shape).length === 0) return source;
  await giveKeys(session, shape, source);
  const keyed = await withDerived(session, shape, sql`SELECT * FROM ${source} AS s`);
  return scratch.create('keyed', keyed, shape.key);
}

async function giveKeys(session: Session, shape: CoreShape, source: Sql): Promise<void> {
  const { identity } = shape.dataset.core;
  if (identity === null) return;
  const table = ident('core', identityTableName(shape.table.name));
  const [last] = await session.query<{ n: number | null }>(
    sql`SELECT max(${ident(identity)}) AS n FROM ${table}`,
  );
  await session.execute(
    sql`INSERT INTO ${table} (${columnList([...shape.key, identity])})
        SELECT ${join(shape.key.map((name) => ident('n', name)))},
          CAST(${last?.n ?? 0} AS BIGINT) + row_number() OVER (ORDER BY n._source_row, ${join(shape.key.map((name) => ident('n', name)))})
        FROM ${source} AS n
        WHERE NOT EXISTS (SELECT 1 FROM ${table} AS i WHERE ${sameKey(shape, 'i', 'n')})`,
  );
}

/** A SELECT with the columns of `rows` (a SELECT of business columns) and the derived columns. */
export async function withDerived(session: Session, shape: CoreShape, rows: Sql): Promise<Sql> {
  const { identity, references } = shape.dataset.core;
  if (derivedColumns(shape).length === 0) return rows;
  const columns: Sql[] = [];
  const joins: Sql[] = [];
  if (identity !== null) {
    columns.push(ident('i', identity));
    joins.push(
      sql`LEFT JOIN ${ident('core', identityTableName(shape.table.name))} AS i ON ${sameKey(shape, 'i', 'q')}`,
    );
  }
  for (const [n, reference] of references.entries()) {
    const alias = `p${n}`;
    const name = identityTableName(reference.parentTable);
    const parent = await session.columns({ schema: 'core', name });
    if (parent === null) {
      // Nothing was ever promoted there: every row that refers to it is an orphan, and is refused as one.
      columns.push(sql`CAST(NULL AS BIGINT) AS ${ident(reference.column)}`);
      continue;
    }
    columns.push(sql`${ident(alias, reference.parentIdentity)} AS ${ident(reference.column)}`);
    joins.push(
      sql`LEFT JOIN ${ident('core', name)} AS ${ident(alias)} ON ${refersTo(shape, reference, parent, alias)}`,
    );
  }
  return sql`SELECT q.*, ${join(columns)} FROM (${rows}) AS q ${join(joins, ' ')}`;
}

function refersTo(
  shape: CoreShape,
  { fields, parentFields }: CoreReference,
  parent: readonly ColumnInfo[],
  alias: string,
): Sql {
  const typeOf = (columns: readonly ColumnInfo[], name: string) =>
    columns.find((column) => column.name === name)?.type;
  const pairs = fields.map((field, i) => {
    const other = parentFields[i] as string;
    const [own, its] = [ident('q', field), ident(alias, other)];
    const plain = (type: string | undefined) => type?.replace(/^VARCHAR\(\d+\)$/, 'VARCHAR');
    return plain(typeOf(shape.columns, field)) === plain(typeOf(parent, other))
      ? sql`${its} = ${own}`
      : sql`CAST(${its} AS VARCHAR) = CAST(${own} AS VARCHAR)`;
  });
  return pairs.length === 0 ? raw('false') : join(pairs, ' AND ');
}
