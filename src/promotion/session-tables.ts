import { randomBytes } from 'node:crypto';
import { columnList, ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import type { Session, TableRef } from '../warehouse/warehouse.ts';

type Fill = (table: TableRef) => Promise<unknown>;

/** Temporary tables of one transaction. A rollback removes them by itself; before a commit, `drop` must be called. */
export class SessionTables {
  readonly #session: Session;
  readonly #made: Sql[] = [];

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Makes a temporary table from a query; returns its quoted name. `joined`: the columns by which it is joined, so that
   * others, which may hold long texts, need not be read once more to be known.
   */
  async create(purpose: string, query: Sql, joined: readonly string[] = []): Promise<Sql> {
    const name = ident(this.name(purpose));
    await this.#session.execute(sql`CREATE TEMP TABLE ${name} AS ${query}`);
    this.#made.push(name);
    await this.#analyze(name, joined);
    return name;
  }

  /** Adds the rows of a query to a temporary table. */
  async add(table: Sql, query: Sql): Promise<void> {
    await this.#session.execute(sql`INSERT INTO ${table} ${query}`);
    await this.#analyze(table);
  }

  /**
   * In PostgreSQL nothing else counts the rows of a temporary table. A planner that guesses compares each of them with
   * each row of core: 2,066 rows took 845 ms instead of 4.
   */
  async #analyze(table: Sql, joined: readonly string[] = []): Promise<void> {
    if (!this.#session.capabilities.knowsTablesByAnalyze) return;
    const columns = joined.length === 0 ? raw('') : sql` (${columnList(joined)})`;
    await this.#session.execute(sql`ANALYZE ${table}${columns}`);
  }

  /** Makes an ordinary table, for rows of a file; it is dropped with the others. Returns where it is. */
  async receive(
    purpose: string,
    definitions: readonly Sql[],
    joined: readonly string[],
    fill: Fill,
  ): Promise<Sql> {
    const ref: TableRef = { schema: 'history', name: this.name(purpose) };
    const table = ident(ref.schema, ref.name);
    await this.#session.execute(sql`CREATE TABLE ${table} (${join(definitions)})`);
    this.#made.push(table);
    await fill(ref);
    await this.#analyze(table, joined);
    return table;
  }

  /** A name no other run uses. */
  name(purpose: string): string {
    return uniqueName(purpose);
  }

  async drop(): Promise<void> {
    for (const name of this.#made.splice(0)) await this.#session.execute(sql`DROP TABLE ${name}`);
  }
}

/**
 * Names differ from call to call, because pooled connections keep temporary tables, and two runs may share a schema.
 */
export function uniqueName(purpose: string): string {
  return `_tm_${purpose}_${randomBytes(6).toString('hex')}`;
}
