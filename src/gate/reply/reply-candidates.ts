import type { Config } from '../../config/config.ts';
import { shownText } from '../../domain/shown-text.ts';
import { parseSlice } from '../../domain/slice.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { LandedFile } from '../../lake/landed.ts';
import type { Delivery } from '../../ledger/deliveries.ts';
import type { Session, Warehouse } from '../../warehouse/warehouse.ts';
import type { Candidate } from '../candidates.ts';
import { entryFinding, fileFinding } from '../file-refusal.ts';
import { chainOf } from './open-reply.ts';
import { type ReplyMarks, readMarks } from './read-marks.ts';

/** Landed files that are replies, whatever their names, by their absolute paths. */
export async function replyCandidates(
  config: Config,
  warehouse: Warehouse,
  files: readonly LandedFile[],
): Promise<ReadonlyMap<string, Candidate>> {
  const found: { file: LandedFile; marks: ReplyMarks }[] = [];
  for (const file of files) {
    const marks = await readMarks(file, config.limits);
    if (marks !== null) found.push({ file, marks });
  }
  if (found.length === 0) return new Map();
  return warehouse.read(async (session) => {
    const candidates = new Map<string, Candidate>();
    for (const { file, marks } of found) {
      candidates.set(file.absolute, await candidateFor(session, config, file, marks));
    }
    return candidates;
  });
}

async function candidateFor(
  session: Session,
  config: Config,
  file: LandedFile,
  marks: ReplyMarks,
): Promise<Candidate> {
  const refused = (message: string, dataset: string | null): Candidate => ({
    file,
    named: null,
    unfinished: false,
    refusal: fileFinding(file, dataset, {
      code: 'reply-refused',
      message: `'${shownText(file.name)}': ${message}`,
      fix: 'Correct your own file instead and deliver it again.',
    }),
  });
  let chain: readonly Delivery[];
  try {
    chain = await chainOf(session, marks.fileId);
  } catch (error) {
    if (error instanceof TidemarkError) return refused(error.message, null);
    throw error;
  }
  const last = chain.at(-1) as Delivery;
  const dataset = config.datasets.get(last.dataset ?? '');
  if (last.sha256 !== marks.sha256)
    return refused(`it replies to another file than delivery ${last.fileId} is.`, last.dataset);
  if (dataset === undefined || last.period === null)
    return refused(`delivery ${last.fileId}, which it replies to, belongs to no dataset.`, last.dataset);
  const withdrawn = chain.find(({ status }) => status === 'withdrawn');
  if (withdrawn !== undefined)
    return refused(`delivery ${withdrawn.fileId}, which it replies to, was withdrawn.`, dataset.name);
  return {
    file,
    named: {
      dataset,
      period: last.period,
      slice: parseSlice(last.slice),
      sliceText: last.slice,
      version: null,
    },
    refusal: entryFinding(config, file, dataset.name),
    unfinished: false,
    replyTo: chain,
  };
}
