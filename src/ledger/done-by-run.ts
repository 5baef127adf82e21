import type { StepResult } from '../domain/result.ts';
import type { WriteWords } from '../errors/advice.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { answersOf, type Call, keepAnswer } from './answers.ts';

/**
 * What a run did to one thing: a file, a dataset's period and slice, a mart. A step looks at the state first, whatever its
 * run did before, so that nothing new is passed over; where nothing is left to do, it answers what this run did to the
 * thing last. So a call whose answer was lost, or that was killed half-way, is made again under the same run id, goes on
 * with what is left, and tells all of it.
 */
export interface Deed {
  readonly runId: string;
  readonly step: string;
  /** The thing, and what else of the call makes it another one. */
  readonly of: object;
  /** How commands are written in the answer; not needed where it has none. */
  readonly write: WriteWords;
}

function callOf({ runId, step, of, write }: Deed): Call {
  return { runId, write, step, asked: JSON.stringify(of) };
}

/** In the transaction that does the work. `part` is the number that the work has in its log. */
export async function keepDone(
  tx: Session,
  deed: Deed,
  { part, at }: { readonly part: number | string; readonly at: Date },
  answer: StepResult,
): Promise<void> {
  await keepAnswer(tx, callOf(deed), { part: String(part), parts: [String(part)], at }, answer);
}

export async function lastDone(session: Session, deed: Deed): Promise<StepResult | null> {
  return (await answersOf<StepResult>(session, callOf(deed))).at(-1)?.answer ?? null;
}

/** What a run did in a step about files, by delivery. */
export async function doneToFiles(
  session: Session,
  { runId, step }: Pick<Deed, 'runId' | 'step'>,
): Promise<ReadonlyMap<number, StepResult>> {
  const rows = await session.query<{ answer: string }>(
    sql`SELECT answer FROM meta.answer_log WHERE run_id = ${runId} AND step = ${step} ORDER BY answer_id`,
  );
  const answers = rows.map(({ answer }) => JSON.parse(answer) as StepResult);
  return new Map(answers.flatMap((one) => (one.fileId === null ? [] : [[one.fileId, one] as const])));
}
