import type { DuckDBInstance } from '@duckdb/node-api';

interface Open {
  users: number;
  readonly instance: Promise<DuckDBInstance>;
  /** Runs while nobody uses the database; it is closed when it fires. */
  closing: NodeJS.Timeout | null;
}

/**
 * Open databases of this process by name. All uses of one name share one instance, which is closed a moment after the last
 * use ends: opening and closing takes longer than a small statement.
 */
export class LingeringDatabases {
  readonly #lingerMs: number;
  readonly #holdsProcess: boolean;
  readonly #open = new Map<string, Open>();

  /** `holdsProcess`: the process does not end before its databases are closed. */
  constructor(lingerMs: number, holdsProcess: boolean) {
    this.#lingerMs = lingerMs;
    this.#holdsProcess = holdsProcess;
  }

  /** Runs `work` on the database of a name, which `open` opens where it is not open. */
  async use<T>(
    name: string,
    open: () => Promise<DuckDBInstance>,
    work: (instance: DuckDBInstance) => Promise<T>,
  ): Promise<T> {
    const database = this.#open.get(name) ?? { users: 0, instance: open(), closing: null };
    this.#open.set(name, database);
    database.users++;
    if (database.closing) clearTimeout(database.closing);
    database.closing = null;
    try {
      return await work(await database.instance);
    } finally {
      database.users--;
      if (database.users === 0) await this.#linger(name, database);
    }
  }

  /** Closes the database of a name now, where nobody uses it. */
  async letGo(name: string): Promise<void> {
    const database = this.#open.get(name);
    if (database === undefined || database.users > 0) return;
    if (database.closing) clearTimeout(database.closing);
    this.#open.delete(name);
    await database.instance.then(
      (instance) => instance.closeSync(),
      () => {},
    );
  }

  async #linger(name: string, database: Open): Promise<void> {
    const opened = await database.instance.then(
      () => true,
      () => false,
    );
    if (database.users > 0 || this.#open.get(name) !== database) return;
    if (!opened) {
      this.#open.delete(name);
      return;
    }
    database.closing = setTimeout(() => void this.letGo(name), this.#lingerMs);
    if (!this.#holdsProcess) database.closing.unref();
  }
}
