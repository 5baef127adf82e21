import { hostname } from 'node:os';
import type { StepResult } from '../domain/result.ts';
import type { WriteWords } from '../errors/advice.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { timestamp } from './timestamp.ts';

export interface Invocation {
  readonly runId: string;
  readonly version: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly result: StepResult;
  /** The result as in the JSON line. */
  readonly resultText: string;
  readonly write: WriteWords;
}

/** One row of meta.run_log for one call of the program, also for failed calls. */
export async function logInvocation(tx: Session, call: Invocation): Promise<void> {
  const { result, write } = call;
  const [message, hint] = [result.message, result.hint].map((said) => (said === null ? null : write(said)));
  await tx.execute(
    sql`INSERT INTO meta.run_log (run_id, step, dataset, period, status, exit_code, message, hint, result,
          tidemark_version, host, pid, started_at, finished_at)
        VALUES (${call.runId}, ${result.step}, ${result.dataset}, ${result.period}, ${result.status}, ${result.exitCode},
          ${message ?? null}, ${hint ?? null}, ${call.resultText}, ${call.version}, ${hostname()}, ${process.pid},
          CAST(${timestamp(call.startedAt)} AS TIMESTAMP), CAST(${timestamp(call.finishedAt)} AS TIMESTAMP))`,
  );
}

/** Calls before a moment, except those that showed personal data: who saw it stays on record. */
const OLD = (cut: Date) =>
  sql`started_at < CAST(${timestamp(cut)} AS TIMESTAMP) AND coalesce(message, '') NOT LIKE '%Personal data was shown%'`;

export async function oldCalls(session: Session, cut: Date): Promise<number> {
  const [row] = await session.query<{ n: number }>(
    sql`SELECT count(*) AS n FROM meta.run_log WHERE ${OLD(cut)}`,
  );
  return Number(row?.n);
}

/** The kept answers of these calls go with them. */
export async function pruneCalls(tx: Session, cut: Date): Promise<number> {
  await tx.execute(sql`DELETE FROM meta.answer_log WHERE answered_at < CAST(${timestamp(cut)} AS TIMESTAMP)`);
  return tx.execute(sql`DELETE FROM meta.run_log WHERE ${OLD(cut)}`);
}
