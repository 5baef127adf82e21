import { DEFAULT_SCHEMAS, isSchemaWord, type SchemaNames } from '../../domain/schema-names.ts';
import { ident, sql, withRealNames } from '../../sql/sql.ts';
import type { Session } from '../warehouse.ts';

/** The log of a pipeline in another schema of the same database. */
export interface OtherLog {
  /** What its pipeline calls the schemas. */
  readonly names: SchemaNames;
  /** Pipelines by name that it knows of; none where they have no names, or the role may not look. */
  readonly pipelines: readonly string[];
}

/** The logs that other schemas of the database hold, as far as the role may look. A copy of a log is none. */
export async function otherLogs(session: Session): Promise<OtherLog[]> {
  const tables = await session.query<{ schema: string; name: string }>(
    sql`SELECT schemaname AS schema, tablename AS name FROM pg_catalog.pg_tables
        WHERE tablename IN ('ingestion_log', 'current_delivery', 'schema_name', 'pipeline_table') ORDER BY 1, 2`,
  );
  const has = (schema: string, name: string) =>
    tables.some((table) => table.schema === schema && table.name === name);
  const places = [...new Set(tables.map((table) => table.schema))].filter(
    (schema) =>
      schema !== session.schemas.of('meta') &&
      has(schema, 'ingestion_log') &&
      has(schema, 'current_delivery'),
  );
  const logs: OtherLog[] = [];
  for (const schema of places) {
    if (!(await mayLook(session, schema))) continue;
    const logged = has(schema, 'schema_name') ? await schemaNamesIn(session, schema) : null;
    const names = logged ?? DEFAULT_SCHEMAS;
    if (names.meta !== schema) continue;
    logs.push({ names, pipelines: has(schema, 'pipeline_table') ? await pipelinesIn(session, schema) : [] });
  }
  return logs;
}

/** What a log says that the schemas are called; null where nothing is written down. */
export async function schemaNamesIn(session: Session, schema: string): Promise<SchemaNames | null> {
  const rows = await session.query<{ word: string; name: string }>(
    withRealNames(sql`SELECT word, name FROM ${ident(schema, 'schema_name')}`),
  );
  const known = rows.filter(({ word }) => isSchemaWord(word)).map(({ word, name }) => [word, name]);
  return known.length === 0 ? null : { ...DEFAULT_SCHEMAS, ...Object.fromEntries(known) };
}

async function pipelinesIn(session: Session, schema: string): Promise<string[]> {
  const rows = await session.query<{ pipeline: string }>(
    withRealNames(sql`SELECT DISTINCT pipeline FROM ${ident(schema, 'pipeline_table')} ORDER BY 1`),
  );
  return rows.map(({ pipeline }) => pipeline);
}

/** Whether every table of the schema can be read. */
async function mayLook(session: Session, schema: string): Promise<boolean> {
  if (!session.capabilities.grantsRights) return true;
  const [row] = await session.query<{ allowed: boolean }>(
    withRealNames(
      sql`SELECT has_schema_privilege(n.oid, 'USAGE') AND coalesce(bool_and(has_table_privilege(c.oid, 'SELECT')), true) AS allowed
          FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relkind = 'r'
            AND c.relname IN ('schema_name', 'pipeline_table')
          WHERE n.nspname = ${schema} GROUP BY n.oid`,
    ),
  );
  return row?.allowed === true;
}
