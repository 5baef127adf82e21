import { isSchemaWord } from '../../domain/schema-names.ts';
import type { RunStatement } from '../knex-on-connection.ts';
import type { Session, TableRef } from '../warehouse.ts';
import type { SchemaRenaming } from './schema-renaming.ts';

/** The one door to a session's database: whatever goes through it names the schemas as the database does. */
export function renamedSession<S extends Session>(session: S): S {
  const { schemas } = session;
  if (schemas.isNone) return session;
  // The engines take a schema's name as it is.
  const real = (table: TableRef) => ({ ...table, schema: schemas.of(table.schema) }) as unknown as TableRef;
  return {
    ...session,
    query: (statement) => session.query(schemas.statement(statement)),
    execute: (statement) => session.execute(schemas.statement(statement)),
    appendParquet: (table, path, columns) => session.appendParquet(real(table), path, columns),
    exportParquet: (query, path) => session.exportParquet(schemas.statement(query), path),
    columns: (table) => session.columns(real(table)),
  };
}

/** The same for the statements of migrations, and for the names of schemas that they ask for. */
export function renamedRun(run: RunStatement, schemas: SchemaRenaming): RunStatement {
  if (schemas.isNone) return run;
  return async (text, bindings) => {
    const answer = await run(...schemas.bound(text, bindings));
    return { ...answer, rows: answer.rows.flatMap((row) => ownWord(row, schemas)) };
  };
}

/** A row of pg_namespace as a migration understands it: our schemas by their words, those of others by none of these. */
function ownWord(row: object, schemas: SchemaRenaming): object[] {
  const { nspname: name } = row as { readonly nspname?: unknown };
  if (typeof name !== 'string') return [row];
  const word = schemas.wordFor(name);
  if (word !== null) return [{ ...row, nspname: word }];
  return isSchemaWord(name) ? [] : [row];
}
