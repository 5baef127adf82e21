import { copyFileSync, existsSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import { basename } from 'node:path';
import { counted } from '../../domain/count.ts';
import { command, words } from '../../errors/advice.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { literal } from '../../sql/sql.ts';
import { withOwnMemory } from '../parquet/in-memory.ts';

/** Whether a warehouse did not open because the log beside it, left by a kill, could not be replayed. */
export function isReplayFailure(error: unknown): boolean {
  return /failure while replaying wal/i.test(String((error as Error | null)?.message));
}

/**
 * Replays the log of a file as a database attached beside another one, and writes it into the file. In this way DuckDB
 * 1.5 replays entries that it cannot replay when it opens the file: those that look up a function. A copy of the log is
 * kept beside it. Returns the path of the copy, null where there is no log any more.
 */
export async function replayAttached(path: string): Promise<string | null> {
  const kept = keepLog(path);
  if (kept === null) return null;
  try {
    await attachAndCheckpoint(path);
  } catch (error) {
    // The log itself is still there, and each further attempt would leave one more copy.
    rmSync(kept);
    throw error;
  }
  return kept;
}

/** What a repair did, as a sentence; null where there was no log to repair. */
export async function repairLog(path: string): Promise<string | null> {
  const log = `${path}.wal`;
  const kept = keepLog(path);
  if (kept === null) return null;
  const bytes = statSync(log).size;
  const named = basename(kept);
  let failure = await attempt(path);
  if (failure === null) return `The log was replayed in full; its copy is ${named}.`;
  // A log is written entry by entry: everything before the first bad entry is complete.
  const bad = Number(/byte position (\d+)/.exec(failure)?.[1] ?? 0);
  if (bad > 0 && bad < bytes) {
    truncateSync(log, bad);
    failure = await attempt(path);
    if (failure === null) {
      return `The log was replayed up to its byte ${bad} of ${counted(bytes, 'byte')}; what was committed after that is in the copy ${named} alone.`;
    }
  }
  renameSync(log, freeName(log));
  await attachAndCheckpoint(path);
  return `Nothing of the log could be replayed; the warehouse is as of its last checkpoint, and the log is kept as ${named}.`;
}

export function logUnreadable(path: string, cause: unknown): TidemarkError {
  const name = basename(path);
  return new TidemarkError('log-unreadable', {
    message: `The log ${name}.wal, which a killed process left beside the warehouse, cannot be replayed.`,
    hint: words`The file ${name} is whole up to its last checkpoint. Leave both files where they are and run \`${command('doctor', { repair: true })}\`: it keeps the log as a copy and replays what can be read of it.`,
    cause,
  });
}

async function attempt(path: string): Promise<string | null> {
  try {
    await attachAndCheckpoint(path);
    return null;
  } catch (error) {
    if (!isReplayFailure(error)) throw error;
    return (error as Error).message;
  }
}

function attachAndCheckpoint(path: string): Promise<void> {
  return withOwnMemory(undefined, async (connection) => {
    await connection.run(`ATTACH ${literal(path)} AS warehouse`);
    await connection.run('CHECKPOINT warehouse');
    await connection.run('DETACH warehouse');
  });
}

function keepLog(path: string): string | null {
  const log = `${path}.wal`;
  if (!existsSync(log)) return null;
  const kept = freeName(log);
  copyFileSync(log, kept);
  return kept;
}

function freeName(log: string): string {
  for (let n = 1; ; n++) if (!existsSync(`${log}.kept-${n}`)) return `${log}.kept-${n}`;
}
