import { createHash } from 'node:crypto';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { readSubmission } from '../readers/records/submission.ts';
import { SubmissionFault } from '../readers/records/submission-fault.ts';
import { releaseMemory } from '../readers/xlsx/release-memory.ts';
import { type TextFile, writeTexts } from '../warehouse/parquet/write-texts.ts';

/** Texts of more files leave so much behind in memory that it is missed by what comes next. */
const FEW_FILES = 4;

/** Records as a script hands them over. */
export interface HandedOver {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What they are called in messages, such as the path of a file. */
  readonly name: string;
  readonly dataset: string;
  readonly actor: string;
  readonly interaction: string | null;
}

/** Records that were read and are JSON, all of them. */
export interface TakenRecords {
  readonly count: number;
  /** Of the texts of the records in their order, and of who handed them over. */
  readonly sha256: string;
  /** Their texts as handed over, in their order; none where they were only checked. */
  readonly files: readonly TextFile[];
}

/**
 * Reads records to the end and keeps their texts in files of a folder, or only checks them. Throws `records-unreadable`
 * with line and column at the first place that is not JSON.
 */
export async function takeRecords(
  from: HandedOver,
  folder: string | null,
  signal: AbortSignal,
): Promise<TakenRecords> {
  // No JSON text holds this character, so records cannot run into each other.
  const end = '\0';
  const hash = createHash('sha256').update(JSON.stringify([from.actor, from.interaction]) + end);
  let count = 0;
  async function* counted(): AsyncGenerator<readonly string[]> {
    for await (const texts of readSubmission(from.bytes)) {
      for (const text of texts) hash.update(text).update(end);
      count += texts.length;
      yield texts;
    }
  }
  try {
    let files: readonly TextFile[] = [];
    if (folder !== null) files = await writeTexts(folder, counted(), signal);
    if (files.length > FEW_FILES) releaseMemory();
    if (folder === null) for await (const _ of counted()) signal.throwIfAborted();
    return { count, sha256: hash.digest('hex'), files };
  } catch (error) {
    throw error instanceof SubmissionFault ? unreadable(error, from) : error;
  }
}

function unreadable(fault: SubmissionFault, { name, dataset }: HandedOver): TidemarkError {
  const { line, column, message } = fault;
  const said = message.replace(/\.$/, '');
  return new TidemarkError('records-unreadable', {
    message: `${name}, line ${line}, column ${column}: ${said}. No record of this call was stored.`,
    where: { dataset },
    cause: fault,
  });
}
