import { columnList, ident, join, raw, type Sql, sql } from '../../sql/sql.ts';
import type { ColumnInfo, Session, TableRef } from '../warehouse.ts';
import { liveView, liveViewName, showsLiveOnly } from './live-view.ts';
import { dropView, makeView, type ViewThere } from './view-definition.ts';

/** A view that has to be taken away before columns change, and that is not for Tidemark to make again. */
export interface ViewInTheWay {
  readonly name: string;
  readonly kind: 'view' | 'materialized view';
  readonly owner: string;
  readonly drop: Sql;
  /** Make it again as it is. */
  readonly make: readonly Sql[];
}

/** Statements around the change of a table: `drop` before it, `make` after it. */
export interface RemadeViews {
  readonly drop: readonly Sql[];
  readonly make: readonly Sql[];
  /** In the order in which they can be made again. */
  readonly inTheWay: readonly ViewInTheWay[];
  /** What else the columns cannot change under, as the server describes it. */
  readonly others: readonly string[];
}

const NONE: RemadeViews = { drop: [], make: [], inTheWay: [], others: [] };

/**
 * Drops the views that read columns of a table before these change, and makes them again: PostgreSQL changes no column
 * that a view shows. DuckDB checks the types of a view when it is read, and only the view of live rows is ours to make.
 */
export function remadeViews(
  session: Session,
  table: TableRef,
  changed: readonly ColumnInfo[],
): Promise<RemadeViews> {
  return session.capabilities.altersIndexedTables
    ? allViewsOf(session, table, changed)
    : remadeLiveView(session, table);
}

async function remadeLiveView(session: Session, { schema, name: table }: TableRef): Promise<RemadeViews> {
  const view = { schema, name: liveViewName(table) };
  const shown = schema === 'core' ? await session.columns(view) : null;
  if (shown === null) return NONE;
  const condition = raw((await showsLiveOnly(session, table)) ? ' WHERE _live' : '');
  const names = columnList(shown.map(({ name }) => name));
  return {
    ...NONE,
    drop: [sql`DROP VIEW ${liveView(table)}`],
    make: [sql`CREATE VIEW ${liveView(table)} AS SELECT ${names} FROM ${ident('core', table)}${condition}`],
  };
}

interface Reader extends ViewThere {
  /** It belongs to the role itself, and not to one that it acts for. */
  readonly isOwn: boolean;
  /** It can be made again so that nobody sees a difference: what it shows is not kept, and the role acts for its owner. */
  readonly isOurs: boolean;
  /** Views that it reads, by oid. */
  readonly reads: readonly string[];
}

/** With views of views, whatever their schema. */
async function allViewsOf(
  session: Session,
  table: TableRef,
  changed: readonly ColumnInfo[],
): Promise<RemadeViews> {
  const views = await readersOf(session, table, changed);
  const inTheWay = new Set<string>();
  for (const view of views)
    if (!view.isOurs || view.reads.some((oid) => inTheWay.has(oid))) inTheWay.add(view.oid);
  const [drop, make, blocking]: [Sql[], Sql[], ViewInTheWay[]] = [[], [], []];
  for (const view of views) {
    if (!inTheWay.has(view.oid)) {
      drop.unshift(dropView(view));
      make.push(...(await makeView(session, view, !view.isOwn)));
      continue;
    }
    blocking.push({
      name: `${view.schema}.${view.name}`,
      kind: view.materialized ? 'materialized view' : 'view',
      owner: view.owner,
      drop: dropView(view),
      make: await makeView(session, view, true),
    });
  }
  return { drop, make, inTheWay: blocking, others: await othersOn(session, table, changed, views) };
}

async function readersOf(
  session: Session,
  table: TableRef,
  changed: readonly ColumnInfo[],
): Promise<Reader[]> {
  if (changed.length === 0) return [];
  const rows = await session.query<Omit<Reader, 'reads'> & { readonly reads: string | null }>(sql`
    WITH RECURSIVE reader AS (
      SELECT c.oid, 0 AS depth FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ${table.schema} AND c.relname = ${table.name}
      UNION
      SELECT r.ev_class, reader.depth + 1 FROM reader
        JOIN pg_catalog.pg_depend d ON d.refobjid = reader.oid AND d.refclassid = 'pg_class'::regclass
          AND d.classid = 'pg_rewrite'::regclass
        JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND r.ev_class <> reader.oid
      WHERE reader.depth > 0 OR d.refobjsubid IN (${columnNumbers(changed)})
    ), deepest AS (SELECT oid, max(depth) AS depth FROM reader GROUP BY oid)
    SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, c.relkind = 'm' AS materialized,
      pg_get_userbyid(c.relowner) AS owner, pg_get_viewdef(c.oid) AS definition,
      array_to_string(c.reloptions, ', ') AS options,
      pg_get_userbyid(c.relowner) = current_user AS "isOwn",
      c.relkind = 'v' AND pg_has_role(current_user, c.relowner, 'USAGE')
        AND has_schema_privilege(n.oid, 'CREATE') AS "isOurs",
      (SELECT string_agg(DISTINCT d.refobjid::text, ',') FROM pg_catalog.pg_rewrite r
         JOIN pg_catalog.pg_depend d ON d.objid = r.oid AND d.classid = 'pg_rewrite'::regclass
         WHERE r.ev_class = c.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid) AS reads
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN deepest AS r ON r.oid = c.oid
    WHERE c.relkind IN ('v', 'm') ORDER BY r.depth, 2, 3`);
  return rows.map((row) => ({ ...row, reads: (row.reads ?? '').split(',') }));
}

/** Numbers of columns of the table at depth 0 of `reader`. */
function columnNumbers(changed: readonly ColumnInfo[]): Sql {
  const names = join(changed.map(({ name }) => name));
  return sql`SELECT a.attnum FROM pg_catalog.pg_attribute a WHERE a.attrelid = reader.oid AND a.attname IN (${names})`;
}

/** Policies, triggers, functions, published rows and generated columns that read what changes. */
async function othersOn(
  session: Session,
  table: TableRef,
  changed: readonly ColumnInfo[],
  views: readonly Reader[],
): Promise<string[]> {
  if (changed.length === 0) return [];
  const names = join(changed.map(({ name }) => name));
  const oids = join([sql`0::oid`, ...views.map(({ oid }) => sql`${oid}::oid`)]);
  const rows = await session.query<{ what: string }>(sql`
    SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) AS what
    FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_class c ON c.oid = d.refobjid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
    WHERE d.refclassid = 'pg_class'::regclass AND d.deptype = 'n'
      AND d.classid IN ('pg_policy'::regclass, 'pg_trigger'::regclass, 'pg_proc'::regclass,
        'pg_publication_rel'::regclass, 'pg_attrdef'::regclass)
      AND (n.nspname = ${table.schema} AND c.relname = ${table.name} AND a.attname IN (${names}) OR c.oid IN (${oids}))
    ORDER BY 1`);
  return rows.map(({ what }) => what);
}
