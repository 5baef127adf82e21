import { SCHEMA_WORDS, type SchemaWord } from '../../domain/schema-names.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { ident, sql } from '../../sql/sql.ts';
import type { Session, TableRef } from '../warehouse.ts';

/** Throws `database-refused` with every GRANT that the role lacks to make the schemas and tables, all at once. */
export async function refuseMissingRights(session: Session): Promise<void> {
  if (!session.capabilities.grantsRights) return;
  const there = await session.query<{ name: string; allowed: boolean }>(
    sql`SELECT nspname AS name, has_schema_privilege(nspname, 'CREATE') AND has_schema_privilege(nspname, 'USAGE') AS allowed
        FROM pg_catalog.pg_namespace`,
  );
  const [about] = await session.query<{ role: string; database: string; allowed: boolean }>(
    sql`SELECT current_user AS role, current_database() AS database,
          has_database_privilege(current_database(), 'CREATE') AS allowed`,
  );
  if (about === undefined) return;
  const role = ident(about.role).text;
  const { schemas } = session;
  const found = (word: SchemaWord) => there.find((each) => each.name === schemas.of(word));
  const missing = SCHEMA_WORDS.filter((word) => found(word) === undefined).map((word) =>
    schemas.written(word),
  );
  const denied = SCHEMA_WORDS.filter((word) => found(word)?.allowed === false).map((word) =>
    schemas.written(word),
  );
  const grants = [
    ...(missing.length > 0 && !about.allowed
      ? [`GRANT CREATE ON DATABASE ${ident(about.database).text} TO ${role};`]
      : []),
    ...(denied.length > 0 ? [`GRANT USAGE, CREATE ON SCHEMA ${denied.join(', ')} TO ${role};`] : []),
  ];
  if (grants.length === 0) return;
  const what = denied.length > 0 ? `in ${denied.join(', ')}` : `and the schemas ${missing.join(', ')}`;
  throw new TidemarkError('database-refused', {
    message: `The role ${about.role} may not make tables ${what}; nothing was changed.`,
    hint: `Have an administrator run: ${grants.join(' ')}`,
  });
}

/** The owner of a table, where the role may not act for that owner; null where the role may change the table. */
export async function foreignOwner(session: Session, table: TableRef): Promise<string | null> {
  if (!session.capabilities.grantsRights) return null;
  const [row] = await session.query<{ owner: string }>(
    sql`SELECT pg_get_userbyid(c.relowner) AS owner
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ${table.schema} AND c.relname = ${table.name}
          AND NOT pg_has_role(current_user, c.relowner, 'USAGE')`,
  );
  return row?.owner ?? null;
}
