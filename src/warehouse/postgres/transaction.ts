import type { Client } from 'pg';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { SchemaRenaming } from '../schemas/schema-renaming.ts';
import { Conflict } from '../until-no-conflict.ts';
import type { Session } from '../warehouse.ts';
import { answered } from './line.ts';
import { type LockMode, Locks } from './locks.ts';
import { type PostgresSession, postgresSession } from './session.ts';
import { begunOf, type OnBegun, setLocal, type TransactionSettings } from './settings.ts';

export interface TransactionParts {
  readonly client: Client;
  readonly signal: AbortSignal | undefined;
  readonly schemas: SchemaRenaming;
  readonly settings: TransactionSettings;
  readonly translate: (error: unknown) => Error;
  readonly onBegun: OnBegun;
  /** A pooler is between us and the server. */
  readonly isPooled: () => boolean;
  /** Marks the connection as one that cannot be used again. */
  readonly spoil: () => void;
}

/** A lock was requested after the snapshot was taken: the work runs again with the lock held from the start. */
class LateLock extends Error {
  readonly names: readonly string[];
  readonly mode: LockMode;
  readonly held: readonly (readonly [string, LockMode])[];
  constructor(names: readonly string[], mode: LockMode, held: readonly (readonly [string, LockMode])[]) {
    super('a lock came after the first statement');
    this.names = names;
    this.mode = mode;
    this.held = held;
  }
}

export async function readSnapshot<T>(
  parts: TransactionParts,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = postgresSession({
    ...parts,
    begin: async () => {},
    takeLocks() {
      throw new TypeError('locks are taken inside a transaction only');
    },
  });
  const begin = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${setLocal(parts.settings)}`;
  await answered(parts.client, parts.settings.lockTimeoutMs, parts.client.query(begin)).then(
    (results) => parts.onBegun(begunOf(results), false),
    (error) => {
      parts.spoil();
      throw parts.translate(error);
    },
  );
  try {
    const answer = await work(session);
    await session.statements.end();
    if (session.statements.failure) throw session.statements.failure;
    return answer;
  } finally {
    await session.statements.end();
    await rollBack(parts);
  }
}

/** One transaction: locks, then the snapshot with the first statement, then COMMIT, which frees the locks. */
export async function writeTransaction<T>(
  parts: TransactionParts,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const locks = new Locks(parts);
  for (let first: ReadonlyMap<string, LockMode> = new Map(); ; ) {
    try {
      return await once(parts, locks, first, work);
    } catch (error) {
      if (!(error instanceof LateLock)) throw error;
      first = new Map([...first, ...error.held, ...error.names.map((name) => [name, error.mode] as const)]);
    }
  }
}

async function once<T>(
  parts: TransactionParts,
  locks: Locks,
  first: ReadonlyMap<string, LockMode>,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  let begun = false;
  const session = postgresSession({
    ...parts,
    translate: (error) => (error instanceof LateLock ? error : parts.translate(error)),
    async begin() {
      if (!begun) await locks.beginSnapshot();
      begun = true;
    },
    async takeLocks(names, mode) {
      const missing = locks.missing(names, mode);
      if (missing.length === 0) return;
      if (begun) throw new LateLock(missing, mode, [...locks.held]);
      await locks.take(missing, mode);
    },
  });
  try {
    await takeTogether(parts, locks, first);
    const answer = await work(session);
    await session.statements.end();
    if (session.statements.failure) throw session.statements.failure;
    parts.signal?.throwIfAborted();
    if (begun) await commit(parts, session);
    else if (locks.begun) await rollBack(parts);
    locks.forget();
    return answer;
  } catch (error) {
    await session.statements.end();
    await rollBack(parts);
    locks.forget();
    const { failure } = session.statements;
    // Whatever the caller threw: a transaction that lost is run again.
    throw failure instanceof Conflict || failure instanceof LateLock ? failure : error;
  }
}

/** All in name order, so that two transactions cannot wait for each other. */
async function takeTogether(
  parts: TransactionParts,
  locks: Locks,
  wanted: ReadonlyMap<string, LockMode>,
): Promise<void> {
  try {
    for (const name of [...wanted.keys()].sort()) await locks.take([name], wanted.get(name) as LockMode);
  } catch (error) {
    throw parts.translate(error);
  }
}

async function commit(parts: TransactionParts, session: PostgresSession): Promise<void> {
  const result = await parts.client.query('COMMIT').catch((error) => {
    throw parts.translate(error);
  });
  // After an error the server answers COMMIT with ROLLBACK and calls it a success.
  if (result.command !== 'COMMIT') {
    throw (
      session.statements.failure ??
      new TidemarkError('statement-failed', {
        message: 'The database rolled the transaction back at its commit.',
      })
    );
  }
}

async function rollBack(parts: TransactionParts): Promise<void> {
  await parts.client.query('ROLLBACK').catch(parts.spoil);
}
