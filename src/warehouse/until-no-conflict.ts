import { setTimeout as wait } from 'node:timers/promises';
import { TidemarkError } from '../errors/tidemark-error.ts';

/** A transaction lost against another one; running it again is safe. */
export class Conflict extends Error {
  /**
   * `rows`: another transaction changed the same rows. `lock`: another one holds a lock; retried until the lock
   * timeout, however often. `new-lock`: a lock had to be made first; retried at once.
   */
  readonly over: 'rows' | 'lock' | 'new-lock';

  constructor(over: Conflict['over'], cause: unknown) {
    super('lost against another transaction', { cause });
    this.over = over;
  }
}

/** Times a conflict that is not about a lock is retried. */
const RETRIES = 6;

export interface Patience {
  readonly lockTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Runs `attempt` until it does not throw a Conflict; if it still conflicts in the end, throws `lock-busy`. */
export async function untilNoConflict<T>(patience: Patience, attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + patience.lockTimeoutMs;
  for (let lost = 1; ; lost++) {
    patience.signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      const givenUp = error.over === 'rows' ? lost > RETRIES : performance.now() >= deadline;
      if (givenUp) throw lockBusy(patience.lockTimeoutMs, error.cause);
      if (error.over === 'new-lock') continue;
    }
    await pause(Math.min(15 * 2 ** Math.min(lost, 5), 250), patience.signal);
  }
}

/** Waits about `ms`, with a random part, so that two transactions that collided do not collide again. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await wait(ms * (0.5 + Math.random()), undefined, signal ? { signal } : {});
  } catch {
    signal?.throwIfAborted();
  }
}

export function lockBusy(waitedMs: number, cause: unknown, holder?: string): TidemarkError {
  const by = holder ? ` (${holder})` : '';
  return new TidemarkError('lock-busy', {
    message: `Another run holds what this one needs${by}; waited ${Math.round(waitedMs / 100) / 10} s.`,
    cause,
  });
}
