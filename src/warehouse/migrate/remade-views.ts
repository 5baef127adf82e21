import { columnList, ident, raw, type Sql, sql, withRealNames } from '../sql.ts';
import type { Session, TableRef } from '../warehouse.ts';
import { liveView, liveViewName, showsLiveOnly } from './live-view.ts';

/** Statements around the change of a table: `drop` before it, `make` after it. */
export interface RemadeViews {
  readonly drop: readonly Sql[];
  readonly make: readonly Sql[];
}

/**
 * Drops the views that read a table before its columns change, and makes them again: PostgreSQL changes no column that
 * a view shows, whoever made the view; DuckDB checks the types of a view, and only the view of live rows is ours to
 * make.
 */
export function remadeViews(session: Session, table: TableRef): Promise<RemadeViews> {
  return session.capabilities.altersIndexedTables
    ? allViewsOf(session, table)
    : remadeLiveView(session, table);
}

async function remadeLiveView(session: Session, { schema, name: table }: TableRef): Promise<RemadeViews> {
  const view = { schema, name: liveViewName(table) };
  const shown = schema === 'core' ? await session.columns(view) : null;
  if (shown === null) return { drop: [], make: [] };
  const condition = raw((await showsLiveOnly(session, table)) ? ' WHERE _live' : '');
  const names = columnList(shown.map(({ name }) => name));
  return {
    drop: [sql`DROP VIEW ${liveView(table)}`],
    make: [sql`CREATE VIEW ${liveView(table)} AS SELECT ${names} FROM ${ident('core', table)}${condition}`],
  };
}

interface ViewThere {
  readonly schema: string;
  readonly name: string;
  readonly definition: string;
  readonly options: string | null;
}

/** Includes views of views, in any schema, and the rights granted on each. */
async function allViewsOf(session: Session, table: TableRef): Promise<RemadeViews> {
  const views = await session.query<ViewThere>(sql`
    WITH RECURSIVE reader AS (
      SELECT c.oid, 0 AS depth FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ${table.schema} AND c.relname = ${table.name}
      UNION
      SELECT r.ev_class, reader.depth + 1 FROM reader
        JOIN pg_catalog.pg_depend d ON d.refobjid = reader.oid AND d.refclassid = 'pg_class'::regclass
          AND d.classid = 'pg_rewrite'::regclass
        JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND r.ev_class <> reader.oid
    )
    SELECT n.nspname AS schema, c.relname AS name, pg_get_viewdef(c.oid) AS definition,
      array_to_string(c.reloptions, ', ') AS options
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN (SELECT oid, max(depth) AS depth FROM reader GROUP BY oid) AS r ON r.oid = c.oid
    WHERE c.relkind = 'v' ORDER BY r.depth, 1, 2`);
  const make: Sql[] = [];
  for (const view of views) {
    const options = view.options === null ? '' : ` WITH (${view.options})`;
    const query = raw(view.definition.trim().replace(/;$/, ''));
    make.push(withRealNames(sql`CREATE VIEW ${ident(view.schema, view.name)}${raw(options)} AS ${query}`));
    make.push(...(await grantsOn(session, view)));
  }
  const drop = views
    .toReversed()
    .map(({ schema, name }) => withRealNames(sql`DROP VIEW ${ident(schema, name)}`));
  return { drop, make };
}

async function grantsOn(session: Session, { schema, name }: ViewThere): Promise<Sql[]> {
  const rows = await session.query<{ granted: string; grantee: string; passed_on: boolean }>(
    withRealNames(sql`SELECT a.privilege_type AS granted, a.is_grantable AS passed_on,
          CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END AS grantee
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          CROSS JOIN LATERAL aclexplode(c.relacl) AS a LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
        WHERE n.nspname = ${schema} AND c.relname = ${name} AND a.grantee <> c.relowner
        ORDER BY 3, 1`),
  );
  return rows.map(({ granted, grantee, passed_on }) => {
    const passing = raw(passed_on ? ' WITH GRANT OPTION' : '');
    return withRealNames(sql`GRANT ${raw(granted)} ON ${ident(schema, name)} TO ${raw(grantee)}${passing}`);
  });
}
