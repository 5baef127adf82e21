import { ident, raw, Sql, sql, withRealNames } from '../../sql/sql.ts';
import type { Session } from '../warehouse.ts';

/** A view of PostgreSQL, materialized or not, as its catalogue has it. */
export interface ViewThere {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly materialized: boolean;
  readonly owner: string;
  readonly definition: string;
  readonly options: string | null;
}

export function dropView({ schema, name, materialized }: ViewThere): Sql {
  return withRealNames(sql`DROP ${kindOf(materialized)} ${ident(schema, name)}`);
}

/** Statements that make a view again as it is: owner, rights, comments, defaults, triggers, rules and indexes too. */
export async function makeView(session: Session, view: ViewThere, ownerToo: boolean): Promise<Sql[]> {
  const { schema, name, materialized, owner } = view;
  const options = view.options === null ? '' : ` WITH (${view.options})`;
  const query = raw(view.definition.trim().replace(/;$/, ''));
  const kind = kindOf(materialized);
  const own = ident(schema, name);
  return [
    new MadeAgain(view, sql`CREATE ${kind} ${own}${raw(options)} AS ${query}`),
    ...(ownerToo ? [withRealNames(sql`ALTER ${kind} ${own} OWNER TO ${ident(owner)}`)] : []),
    ...(await partsOf(session, view)).map((text) => withRealNames(raw(text))),
  ];
}

/** The statement that makes a view of users again: where it fails, the view is what a person has to look at. */
export class MadeAgain extends Sql {
  readonly view: Pick<ViewThere, 'schema' | 'name'>;

  constructor(view: Pick<ViewThere, 'schema' | 'name'>, { strings, values }: Sql) {
    super(strings, values, true);
    this.view = view;
  }
}

function kindOf(materialized: boolean): Sql {
  return raw(materialized ? 'MATERIALIZED VIEW' : 'VIEW');
}

/** What hangs on a view beside its query, as statements in the order in which they can be run. */
async function partsOf(session: Session, { oid, materialized }: ViewThere): Promise<string[]> {
  const kind = materialized ? 'MATERIALIZED VIEW' : 'VIEW';
  const rows = await session.query<{ written: string }>(sql`
    WITH v AS (
      SELECT c.oid, c.relacl, c.relowner, format('%I.%I', n.nspname, c.relname) AS name
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ${oid}::oid
    ), granted AS (
      SELECT v.name, v.relowner, '' AS of_column, a.* FROM v CROSS JOIN LATERAL aclexplode(v.relacl) AS a
      UNION ALL SELECT v.name, v.relowner, format(' (%I)', t.attname), a.*
      FROM v JOIN pg_catalog.pg_attribute t ON t.attrelid = v.oid CROSS JOIN LATERAL aclexplode(t.attacl) AS a
    ), parts AS (
      SELECT 1 AS place, format('GRANT %s%s ON %s TO %s%s', g.privilege_type, g.of_column, g.name,
        CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END,
        CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS written
      FROM granted g LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.grantee WHERE g.grantee <> g.relowner
      UNION ALL SELECT 2, format('COMMENT ON ${raw(kind)} %s IS %L', v.name, d.description)
      FROM v JOIN pg_catalog.pg_description d
        ON d.objoid = v.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
      UNION ALL SELECT 3, format('COMMENT ON COLUMN %s.%I IS %L', v.name, a.attname, d.description)
      FROM v JOIN pg_catalog.pg_description d
        ON d.objoid = v.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid > 0
        JOIN pg_catalog.pg_attribute a ON a.attrelid = v.oid AND a.attnum = d.objsubid
      UNION ALL SELECT 4, format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', v.name, a.attname,
        pg_get_expr(d.adbin, d.adrelid))
      FROM v JOIN pg_catalog.pg_attrdef d ON d.adrelid = v.oid
        JOIN pg_catalog.pg_attribute a ON a.attrelid = v.oid AND a.attnum = d.adnum
      UNION ALL SELECT 5, pg_get_indexdef(i.indexrelid) FROM v JOIN pg_catalog.pg_index i ON i.indrelid = v.oid
      UNION ALL SELECT 6, pg_get_ruledef(r.oid) FROM v JOIN pg_catalog.pg_rewrite r ON r.ev_class = v.oid
        WHERE r.rulename <> '_RETURN'
      UNION ALL SELECT 7, pg_get_triggerdef(t.oid) FROM v JOIN pg_catalog.pg_trigger t ON t.tgrelid = v.oid
        WHERE NOT t.tgisinternal
    )
    SELECT written FROM parts ORDER BY place, written`);
  return rows.map(({ written }) => written.replace(/;\s*$/, ''));
}
