import { createHash } from 'node:crypto';
import { type WriteWords, writtenBy } from '../errors/advice.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { timestamp } from './timestamp.ts';

/** A call, or the part of a step's work on one thing; the same one again has the same run, step and question. */
export interface Call {
  readonly runId: string;
  readonly step: string;
  /** One hash of everything that the call asked for. */
  readonly asked: string;
  /** How advice in an answer is written down. */
  readonly write: WriteWords;
}

/** The answer of one part of a call. */
export interface Answer<T> {
  readonly part: string;
  /** Every part of the call when it was first made, this one included. */
  readonly parts: readonly string[];
  readonly answer: T;
}

/** Maps and sets of `asked` count by their entries. */
export function callOf(
  of: { readonly runId: string; readonly write: WriteWords },
  step: string,
  asked: object,
): Call {
  const text = JSON.stringify(asked, (_, value: unknown) =>
    value instanceof Map || value instanceof Set ? [...value] : value,
  );
  return { runId: of.runId, write: of.write, step, asked: createHash('sha256').update(text).digest('hex') };
}

/**
 * The answers of this same call from before, in the order of its parts; empty where it was never made, or changed
 * nothing.
 */
export async function answersOf<T>(
  session: Session,
  { runId, step, asked }: Omit<Call, 'write'>,
): Promise<Answer<T>[]> {
  const rows = await session.query<{ part: string; parts: string; answer: string }>(
    sql`SELECT part, parts, answer FROM meta.answer_log
        WHERE run_id = ${runId} AND step = ${step} AND asked = ${asked} ORDER BY answer_id`,
  );
  return rows.map(({ part, parts, answer }) => ({
    part,
    parts: JSON.parse(parts) as string[],
    answer: JSON.parse(answer) as T,
  }));
}

/**
 * Does one part of a call, or returns its answer from before. In the transaction that does the work, under its locks,
 * so that work and answer are committed together. An answer is plain data: it is kept as JSON, with personal values
 * masked.
 */
export async function answerOnce<T>(
  tx: Session,
  call: Call,
  of: { readonly part: string; readonly parts: readonly string[]; readonly at: Date },
  work: () => Promise<T>,
): Promise<T> {
  const before = (await answersOf<T>(tx, call)).find((one) => one.part === of.part);
  if (before !== undefined) return before.answer;
  const answer = await work();
  await keepAnswer(tx, call, of, answer);
  return answer;
}

/** Keeps an answer in the transaction that does the work; a later answer of the same part is kept as well. */
export async function keepAnswer(
  tx: Session,
  call: Call,
  of: { readonly part: string; readonly parts: readonly string[]; readonly at: Date },
  answer: unknown,
): Promise<void> {
  await tx.execute(
    sql`INSERT INTO meta.answer_log (run_id, step, asked, part, parts, answer, answered_at)
        VALUES (${call.runId}, ${call.step}, ${call.asked}, ${of.part}, ${JSON.stringify(of.parts)},
          ${JSON.stringify(answer, writtenBy(call.write))}, CAST(${timestamp(of.at)} AS TIMESTAMP))`,
  );
}
