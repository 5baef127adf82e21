import type { Knex } from 'knex';

/** Runs one statement with `$1 …` placeholders on the connection that Knex is to use. */
export type RunStatement = (
  text: string,
  bindings: readonly unknown[],
) => Promise<{ rows: object[]; rowCount: number }>;

/** The part of Knex's column compiler that a dialect changes. */
export interface ColumnCompiler {
  readonly args: readonly unknown[];
  readonly tableCompiler: {
    readonly schemaNameRaw?: string;
    readonly tableNameRaw: string;
    unshiftQuery(query: { sql: string }): void;
  };
}

export interface KnexParts {
  /** Changes a column compiler to the words of the engine. */
  column?(compiler: ColumnCompiler): void;
}

interface Query {
  sql: string;
  bindings?: readonly unknown[];
  response?: unknown;
}

type ClientClass = new (
  config: object,
) => {
  columnCompiler(...args: unknown[]): ColumnCompiler;
  transaction(...args: unknown[]): object;
};

/**
 * Knex over one open connection that is already inside a transaction. Its own transactions become parts of that one:
 * they neither begin nor commit anything, and if one fails, all of it fails.
 */
export async function knexOn(run: RunStatement, parts: KnexParts = {}): Promise<Knex> {
  const { default: knex } = await import('knex');
  const Postgres = knex({ client: 'pg' }).client.constructor as ClientClass;

  class OneConnection extends Postgres {
    _driver(): object {
      return {};
    }
    acquireRawConnection(): Promise<object> {
      return Promise.resolve({});
    }
    destroyRawConnection(): Promise<void> {
      return Promise.resolve();
    }
    override columnCompiler(...args: unknown[]): ColumnCompiler {
      const compiler = super.columnCompiler(...args);
      parts.column?.(compiler);
      return compiler;
    }
    override transaction(...args: unknown[]): object {
      return withoutStatements(super.transaction(...args));
    }
    async _query(_connection: object, query: Query): Promise<Query> {
      const answer = await run(query.sql, query.bindings ?? []).catch((error: Error) => {
        // Knex puts the statement into the message of what it catches; our messages must stay unchanged.
        throw new Error(error.message, { cause: error });
      });
      const command = /^\s*(\w+)/.exec(query.sql)?.[1]?.toUpperCase() ?? '';
      query.response = { ...answer, command: command === 'WITH' ? 'SELECT' : command };
      return query;
    }
  }
  const silent = { warn() {}, error() {}, deprecate() {}, debug() {} };
  return knex({
    client: OneConnection as unknown as typeof Knex.Client,
    connection: {},
    pool: { min: 1, max: 1 },
    log: silent,
  });
}

/** Members that Knex's Transaction does not declare; its promise is settled through them. */
interface TransactionInside {
  _completed: boolean;
  _resolver(value: unknown): void;
  _rejecter(error: unknown): void;
}

function withoutStatements(transaction: object): object {
  const inner = transaction as TransactionInside;
  const nothing = () => Promise.resolve();
  const succeed = (_connection: unknown, value: unknown) => {
    inner._completed = true;
    inner._resolver(value);
    return Promise.resolve();
  };
  const fail = (_connection: unknown, error: unknown) => {
    inner._completed = true;
    inner._rejecter(error ?? new Error('a migration rolled its transaction back'));
    return Promise.resolve();
  };
  return Object.assign(transaction, {
    begin: nothing,
    savepoint: nothing,
    commit: succeed,
    release: succeed,
    rollback: fail,
    rollbackTo: fail,
  });
}
