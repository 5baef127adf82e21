import { hostname } from 'node:os';
import type { StepResult } from '../domain/result.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { timestamp } from './deliveries.ts';

export interface Invocation {
  readonly runId: string;
  readonly version: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly result: StepResult;
  /** The result as in the JSON line. */
  readonly resultText: string;
}

/** One row of meta.run_log for one call of the program, also for failed calls. */
export async function logInvocation(tx: Session, call: Invocation): Promise<void> {
  const { result } = call;
  await tx.execute(
    sql`INSERT INTO meta.run_log (run_id, step, dataset, period, status, exit_code, message, hint, result,
          tidemark_version, host, pid, started_at, finished_at)
        VALUES (${call.runId}, ${result.step}, ${result.dataset}, ${result.period}, ${result.status}, ${result.exitCode},
          ${result.message}, ${result.hint}, ${call.resultText}, ${call.version}, ${hostname()}, ${process.pid},
          CAST(${timestamp(call.startedAt)} AS TIMESTAMP), CAST(${timestamp(call.finishedAt)} AS TIMESTAMP))`,
  );
}
