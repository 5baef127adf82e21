import { realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type CheckEngine, type EngineRow, StatementError } from '../checks/engine.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { literal } from '../sql/sql.ts';

/**
 * The engine's own share of the 700 MB a validate may take. The rest is for what it needs outside of this (CSV buffers,
 * Parquet pages) and for the findings: a workbook of a million rows, each with a fault, peaks at 686 MB; with 300 it was 812.
 */
const MEMORY_MB = 220;
/**
 * With this many columns one thread works: each thread holds a batch of every column, which would need more at once.
 */
const WIDE = 128;
const MEMORY_MB_WIDE = 300;
/**
 * With more columns than this, files that hold all columns side by side need room that is counted, though most of it is
 * never used.
 */
const ROOMY = 500;
const MEMORY_MB_PER_WIDE_COLUMN = 0.4;

/** A file written by one thread has other row groups than one written by two or more, so there are always two. */
const FEWEST_THREADS = 2;
/** Rows of a smaller file are one batch, and written alike by one thread; a second would turn while it waits. */
const SMALL = 2 ** 17;
/** Each thread takes buffers of its own. */
const MOST_THREADS = 4;

function memoryFor(width: number): number {
  const roomy = Math.ceil(Math.max(0, width - ROOMY) * MEMORY_MB_PER_WIDE_COLUMN);
  return (width > WIDE ? MEMORY_MB_WIDE : MEMORY_MB) + roomy;
}

/**
 * An in-memory DuckDB for one validation. It sees one folder and the files named in `reads`, and its settings are
 * locked, because it runs expressions and patterns from a configuration.
 */
export class Scratch implements CheckEngine {
  readonly folder: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(folder: string, instance: DuckDBInstance, connection: DuckDBConnection) {
    this.folder = folder;
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(
    folder: string,
    options: {
      readonly reads?: readonly string[];
      readonly threads?: number;
      readonly width?: number;
      /** Size of the file whose rows are checked. */
      readonly bytes?: number;
    } = {},
  ): Promise<Scratch> {
    const { width = 0, bytes = Infinity } = options;
    const wide = width > WIDE;
    const usual = Math.min(MOST_THREADS, Math.max(FEWEST_THREADS, availableParallelism()));
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${memoryFor(width)}MB`,
      temp_directory: folder,
      preserve_insertion_order: 'true',
      threads: String(options.threads ?? (wide || bytes < SMALL ? 1 : usual)),
    });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    // A long IN list would become a join, and a join may return rows in another order.
    await connection.run("SET disabled_optimizers = 'in_clause'");
    // Loads the time zone and JSON parts while that is still allowed.
    await connection.run("SELECT timezone('UTC', TIMESTAMPTZ '2000-01-01 00:00:00+00'), json_valid('1')");
    await connection.run(`SET allowed_directories = [${literal(`${realpathSync(folder)}/`)}]`);
    // Links are resolved before the check, so a link in the folder needs the path of its target.
    const reads = (options.reads ?? []).map((path) => literal(realpathSync(path)));
    await connection.run(`SET allowed_paths = [${reads.join(', ')}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    return new Scratch(folder, instance, connection);
  }

  async run(statement: string): Promise<void> {
    try {
      await this.#connection.run(statement);
    } catch (error) {
      throw translated(error);
    }
  }

  async rows<R extends object = EngineRow>(statement: string): Promise<R[]> {
    try {
      const reader = await this.#connection.runAndReadAll(statement);
      return reader.getRowObjectsJson() as unknown as R[];
    } catch (error) {
      throw translated(error);
    }
  }

  /** The first row; for statements that always have one. */
  async row<R extends object = EngineRow>(statement: string): Promise<R> {
    return (await this.rows<R>(statement))[0] as R;
  }

  async count(statement: string): Promise<number> {
    const row = await this.row(statement);
    return Number(Object.values(row)[0]);
  }

  /** Stops the running statement, which then fails. */
  interrupt(): void {
    this.#connection.interrupt();
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

function translated(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  if (/No space left|ENOSPC|max_temp_directory_size/i.test(message)) {
    return new TidemarkError('disk-full', { message: 'The disk is full.', cause: error });
  }
  return new StatementError(message, { cause: error });
}
