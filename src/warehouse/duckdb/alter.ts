import type { DuckDBConnection } from '@duckdb/node-api';
import { BIGINT, type DuckDBType } from '@duckdb/node-api';
import type { Knex } from 'knex';
import { type KnexParts, knexOn } from '../knex-on-connection.ts';
import { renamedRun } from '../schemas/renamed-session.ts';
import type { SchemaRenaming } from '../schemas/schema-renaming.ts';
import { Conflict, pause } from '../until-no-conflict.ts';
import type { SchemaChange } from '../warehouse.ts';
import { readRows } from './cells.ts';
import { statementError } from './errors.ts';
import { refuseUnreplayable } from './replayable.ts';
import { duckdbSession } from './session.ts';

/** One transaction for a whole change of the schema: DuckDB's DDL rolls back. */
export async function alterDuckdb<T>(
  connection: DuckDBConnection,
  keep: boolean,
  signal: AbortSignal | undefined,
  schemas: SchemaRenaming,
  work: (schema: SchemaChange) => Promise<T>,
): Promise<T> {
  const session = duckdbSession(connection, signal, null, schemas);
  const { statements } = session;
  const knex: Knex = await knexOn(
    renamedRun((text, bindings) => statements.run(() => run(connection, text, bindings)), schemas),
    DIALECT,
  );
  await connection.run('BEGIN TRANSACTION');
  try {
    const answer = await work({ knex, session });
    await statements.end();
    if (statements.failure) throw statements.failure;
    await connection.run(keep ? 'COMMIT' : 'ROLLBACK').catch((error) => {
      throw statementError(error, signal);
    });
    if (keep) await checkpoint(connection);
    return answer;
  } catch (error) {
    await statements.end();
    await connection.run('ROLLBACK').catch(() => {});
    throw statements.failure instanceof Conflict ? statements.failure : error;
  } finally {
    await knex.destroy();
  }
}

const CHECKPOINT_TRIES = 50;

/**
 * A change of the schema counts as done when it is in the file, so that a kill cannot leave it in the log. Another unit
 * of work of this process may delay that for a moment; if that unit does not end, the log is written into the file when
 * the file is closed.
 */
async function checkpoint(connection: DuckDBConnection): Promise<void> {
  for (let left = CHECKPOINT_TRIES; left > 0; left--) {
    const done = await connection.run('CHECKPOINT').then(
      () => true,
      () => false,
    );
    if (done) return;
    await pause(20);
  }
}

async function run(connection: DuckDBConnection, text: string, bindings: readonly unknown[]) {
  refuseUnreplayable(text);
  const values = bindings.map((value) => (value instanceof Date ? value.toISOString() : (value ?? null)));
  const types = values.map((value) => (typeof value === 'bigint' ? BIGINT : undefined)) as DuckDBType[];
  const result =
    values.length > 0 ? await connection.run(text, values as never[], types) : await connection.run(text);
  return { rows: await readRows<object>(result), rowCount: result.rowsChanged };
}

/** What DuckDB does not have: serial columns use a sequence of their own, jsonb becomes json. */
const DIALECT: KnexParts = {
  column(compiler) {
    const serial = (type: string) => (options?: { primaryKey?: boolean }) => {
      const { schemaNameRaw: schema = 'main', tableNameRaw: table } = compiler.tableCompiler;
      const sequence = `"${schema}"."${table}_${compiler.args[0] ?? 'id'}_seq"`;
      compiler.tableCompiler.unshiftQuery({ sql: `create sequence if not exists ${sequence}` });
      return `${type} default nextval('${sequence}')${options?.primaryKey === false ? '' : ' primary key'}`;
    };
    Object.assign(compiler, {
      increments: serial('integer'),
      bigincrements: serial('bigint'),
      json: () => 'json',
      jsonb: () => 'json',
    });
  },
};
