import type { Knex } from 'knex';
import type { SchemaNames, SchemaWord } from '../domain/schema-names.ts';
import type { Sql } from '../sql/sql.ts';
import type { Capabilities } from './capabilities.ts';
import type { SchemaRenaming } from './schemas/schema-renaming.ts';

/**
 * A value of a result. Whole numbers (sums and counts too) are numbers where exact, else bigint; DECIMAL, dates
 * (`2025-06-01`), times, timestamps (`2025-06-01T10:00:00.5`, zoned ones end in `Z`) and JSON are text.
 */
export type Cell = null | string | number | bigint | boolean;
export type Row = Record<string, Cell>;

export interface TableRef {
  readonly schema: SchemaWord;
  readonly name: string;
}

export interface ColumnInfo {
  readonly name: string;
  /** Normalised SQL type, the same words on both engines: BIGINT, DOUBLE, DECIMAL(12,2), VARCHAR, VARCHAR(7), DATE, TIMESTAMP, TIME, BOOLEAN, SMALLINT, JSON. */
  readonly type: string;
  readonly nullable: boolean;
}

/**
 * One column of an append: taken from the Parquet file by name, or one constant for every row. `plus` is added to the
 * whole numbers of a column of the file.
 */
export type AppendColumn =
  | { readonly name: string; readonly from: 'parquet'; readonly source?: string; readonly plus?: number }
  | { readonly name: string; readonly from: 'constant'; readonly value: null | string | number };

/** Statements inside one transaction or one snapshot. */
export interface Session {
  readonly capabilities: Capabilities;
  /** What the schemas are called in the database. Statements and tables name them by our words all the same. */
  readonly schemas: SchemaRenaming;
  query<R extends object = Row>(statement: Sql): Promise<R[]>;
  /** Runs a statement; returns the number of rows that it touched (0 where the engine does not say). */
  execute(statement: Sql): Promise<number>;
  /**
   * Takes locks, in name order, until the transaction ends. Waits up to the lock timeout, then throws `lock-busy`.
   * Only inside `transaction`.
   */
  lock(names: readonly string[], mode?: 'exclusive' | 'shared'): Promise<void>;
  /**
   * A part of a transaction that is rolled back alone: with `RuleBroken` where a rule of the database refuses its rows,
   * deferred rules too, or with what `work` throws while no statement failed; the transaction goes on. Any other failed
   * statement ends the transaction, as ever. Only where the engine has savepoints.
   */
  attempt<T>(work: () => Promise<T>): Promise<T>;
  /**
   * An engine that works in this process keeps at most so many megabytes in memory until the transaction ends;
   * otherwise it may keep all that it reads and writes. Nothing where a server does the work.
   */
  boundMemory(mb: number): Promise<void>;
  /** Appends the rows of a Parquet file; no row passes through JavaScript. Returns the number of rows appended. */
  appendParquet(table: TableRef, parquetPath: string, columns: readonly AppendColumn[]): Promise<number>;
  /** Writes the result of a query into a new Parquet file, with the same types. Returns the number of rows written. */
  exportParquet(query: Sql, parquetPath: string): Promise<number>;
  /** The table's columns in order, or null where there is no such table. */
  columns(table: TableRef): Promise<readonly ColumnInfo[] | null>;
}

/** A warehouse as other tools name it: its server or file as a URI without user and password, and the database in it. */
export interface WarehouseName {
  readonly namespace: string;
  readonly database: string;
}

/**
 * A warehouse. `read` and `transaction` open late and close early: on the embedded engine the file is open while the
 * callback runs and for a moment after, so that the next call finds it open. Driver errors are thrown as TidemarkError
 * (`database-unreachable`, `lock-busy`, `statement-failed`, …).
 */
export interface Warehouse {
  readonly capabilities: Capabilities;
  /** Its address, safe to print: no user, no password. */
  readonly displayName: string;
  readonly name: WarehouseName;
  /** A file in the pipeline's own folder: it moves with the folder, and no other pipeline writes it. */
  readonly isInProject: boolean;
  /** One consistent snapshot; writes are refused or rolled back. */
  read<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /**
   * One transaction: commits when `work` resolves, rolls back when it throws. It is an error if the server answered
   * COMMIT with ROLLBACK, or if a statement failed before, whether its error was caught or not. Everything read in it
   * is of one snapshot, taken after the locks. Serialization failures and deadlocks are retried, a limited number of
   * times, by running `work` again. The same happens for a `lock` after other statements; then the lock is held from
   * the start.
   */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /**
   * The only way to change the schema: one connection, one caller at a time over all processes. `knex` and the session
   * run on that connection; where `keep` is false everything is rolled back at the end.
   */
  alter<T>(keep: boolean, work: (schema: SchemaChange) => Promise<T>): Promise<T>;
  /**
   * A temporary copy for trying changes, deleted when closed; null where the warehouse is not a file that could be
   * copied.
   */
  rehearse(): Promise<Warehouse | null>;
  /**
   * Repairs what a killed process left, without losing anything that can be read; returns what it did, null for
   * nothing.
   */
  repair(): Promise<string | null>;
  close(): Promise<void>;
}

export interface SchemaChange {
  readonly knex: Knex;
  readonly session: Session;
}

export interface WarehouseOptions {
  /** How long to wait for a lock, in milliseconds. */
  readonly lockTimeoutMs: number;
  readonly signal?: AbortSignal;
  /** What the schemas are called in the database; absent: as we call them. */
  readonly schemas?: SchemaNames | undefined;
}

/** How a warehouse is opened, whichever engine it is. */
export interface OpenOptions extends WarehouseOptions {
  /** The folder from which a relative path of an embedded warehouse starts. */
  readonly projectRoot: string;
  /** The source of libpq's PG* variables; none by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}
