import { fileDatasets } from '../config/config.ts';
import { counted } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import { type Period, periodDue } from '../domain/period.ts';
import { combineResults, type StepResult, stepResult } from '../domain/result.ts';
import type { SliceFilter } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import { targetKey } from '../domain/target.ts';
import type { WhoAndWhy } from '../domain/who-and-why.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { stillArriving } from '../gate/arriving.ts';
import { type Asked, type Candidate, candidateOf, selectLanded } from '../gate/candidates.ts';
import {
  type ExaminedFile,
  examineFile,
  looksUnchanged,
  type NewFile,
  priorsOf,
  targetOf,
} from '../gate/examine-file.ts';
import { groupByTarget, withoutOrder } from '../gate/group-files.ts';
import { absentResult, blockedResult, forgiveReplaced, standingResults } from '../gate/ingest-results.ts';
import { type LogContext, logDeliveries } from '../gate/log-deliveries.ts';
import { compareVersions } from '../gate/match-dataset.ts';
import { replyCandidates } from '../gate/reply/reply-candidates.ts';
import { findLanded, scanLanded } from '../lake/landed.ts';
import { deliveriesOf, newestDelivery } from '../ledger/deliveries.ts';
import { doneToFiles } from '../ledger/done-by-run.ts';
import { slicesLock, targetLock } from '../ledger/locks.ts';
import { loggedTargets } from '../ledger/targets.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { reportRefused } from './report-refused.ts';
import type { StepContext } from './step.ts';

/** Which files of data/landed: one (absolute, or relative to the project or to data/landed), a period's, or all. */
export type IngestWhich =
  | { readonly filePath: string }
  | { readonly period: Period }
  | { readonly all: true };

export type IngestInput = IngestWhich & IngestLimits;

interface IngestLimits {
  readonly dataset?: string | null;
  readonly slice?: SliceFilter | null;
  /** Allows bytes that already count for another period or slice; the reason is logged. */
  readonly acceptSameBytes?: WhoAndWhy | null;
}

/**
 * A file in data/landed becomes a delivery in meta.ingestion_log, or is refused with what is wrong and what to do about
 * it. The landed file is only read. A file that is as last logged adds nothing.
 */
export async function ingest(ctx: StepContext, input: IngestInput): Promise<StepResult> {
  const asked = resolveAsked(ctx, input);
  const { candidates, warnings } = await resolveCandidates(ctx, input, asked);
  for (const warning of warnings.slice(0, 20)) ctx.log.warn(warning);
  if (warnings.length > 20)
    ctx.log.warn(
      `… and ${counted(warnings.length - 20, 'more file that fits', 'more files that fit')} no dataset.`,
    );

  const byName = 'filePath' in input;
  const files = await work(ctx, candidates, byName);
  const passedOver = byName ? await unseenBeside(ctx, files[0]) : [];

  const results = await write(ctx, files, passedOver, input.acceptSameBytes ?? null);

  const absent =
    asked.period === null ? [] : await absentTargets(ctx, asked as Asked & { period: Period }, results);
  const combined = combineResults('ingest', [...results, ...absent], {
    period: asked.period?.text ?? null,
    emptyMessage: 'There is nothing new in data/landed.',
  });
  if (warnings.length === 0) return combined;
  const { findings } = combined;
  return { ...combined, findings: { ...findings, warning: (findings.warning ?? 0) + warnings.length } };
}

function resolveAsked(ctx: StepContext, input: IngestInput): Asked {
  const dataset = input.dataset ?? null;
  const slice = input.slice ?? new Map<string, string>();
  if (dataset !== null) {
    const known = ctx.config.datasets.get(dataset);
    if (known === undefined) throw unknownDataset(ctx, dataset);
    const strange = [...slice.keys()].find((name) => !known.sliceNames.includes(name));
    if (strange !== undefined) {
      const names =
        known.sliceNames.length === 0 ? 'it has no slices' : `its slices are ${known.sliceNames.join(', ')}`;
      throw new TidemarkError('usage', {
        message: `Dataset '${dataset}' has no slice '${strange}': ${names}.`,
      });
    }
  }
  return { period: 'period' in input ? input.period : null, dataset, slice };
}

function unknownDataset(ctx: StepContext, name: string): TidemarkError {
  const meant = didYouMean(name, ctx.config.datasets.keys());
  return new TidemarkError('unknown-dataset', {
    message: `There is no dataset '${name}'.${meant === null ? '' : ` Did you mean '${meant}'?`}`,
    hint: `The datasets are: ${[...ctx.config.datasets.keys()].join(', ')}.`,
  });
}

async function resolveCandidates(ctx: StepContext, input: IngestInput, asked: Asked) {
  if (!('filePath' in input)) {
    const files = scanLanded(ctx.project);
    return selectLanded(ctx.config, files, asked, await replyCandidates(ctx.config, ctx.warehouse, files));
  }
  const file = findLanded(ctx.project, input.filePath);
  const replies = await replyCandidates(ctx.config, ctx.warehouse, [file]);
  const candidate = replies.get(file.absolute) ?? candidateOf(ctx.config, file);
  if (asked.dataset !== null && candidate.named !== null && candidate.named.dataset.name !== asked.dataset) {
    throw new TidemarkError('usage', {
      message: `'${candidate.file.name}' is a file of dataset '${candidate.named.dataset.name}', not of '${asked.dataset}'.`,
    });
  }
  return { candidates: [candidate], warnings: [] };
}

/** Looks at every file: still growing, unchanged, or new with what the gate found in it. */
async function work(
  ctx: StepContext,
  candidates: readonly Candidate[],
  byName: boolean,
): Promise<ExaminedFile[]> {
  const finished = candidates.filter((candidate) => !candidate.unfinished);
  const priors = await ctx.warehouse.read((session) => priorsOf(session, finished));
  const fresh = finished.filter((candidate) => !looksUnchanged(candidate, priors.get(candidate)));
  const arriving = await stillArriving(
    ctx,
    fresh.map(({ file }) => file),
  );
  const files: ExaminedFile[] = [];
  for (const candidate of candidates) {
    ctx.signal.throwIfAborted();
    if (candidate.unfinished || arriving.has(candidate.file)) {
      files.push({ kind: 'arriving', candidate });
      continue;
    }
    ctx.log.progress(`Looking at ${candidate.file.path}`);
    files.push(await examineFile(ctx, candidate, priors.get(candidate), byName));
  }
  return files;
}

/** New files of the same target whose order relative to the named file is not known. */
async function unseenBeside(ctx: StepContext, named: ExaminedFile | undefined): Promise<NewFile[]> {
  const target = named && targetOf(named.candidate);
  if (named?.kind !== 'new' || !target) return [];
  const files = scanLanded(ctx.project);
  const replies = await replyCandidates(ctx.config, ctx.warehouse, files);
  const beside = files
    .map((file) => replies.get(file.absolute) ?? candidateOf(ctx.config, file))
    .filter((other) => {
      const its = targetOf(other);
      return (
        !other.unfinished &&
        other.refusal === null &&
        other.file.absolute !== named.candidate.file.absolute &&
        its !== null &&
        targetKey(its) === targetKey(target) &&
        compareVersions(other.named?.version ?? null, named.candidate.named?.version ?? null) === 0
      );
    });
  const examined = await work(ctx, beside, false);
  return examined.flatMap((one) => (one.kind === 'new' && one.sha256 !== named.sha256 ? [one] : []));
}

/** Logs the new files, one transaction per dataset, period and slice, in the order of their versions. */
async function write(
  ctx: StepContext,
  files: readonly ExaminedFile[],
  passedOver: readonly NewFile[],
  accepted: WhoAndWhy | null,
): Promise<StepResult[]> {
  const context: LogContext = {
    runId: ctx.runId,
    startedAt: ctx.clock(),
    clock: ctx.clock,
    write: ctx.write,
    dryRun: ctx.dryRun,
    accepted,
  };
  const results: StepResult[] = [];
  const mayBeDone = !ctx.dryRun && files.some(({ kind }) => kind === 'unchanged');
  const done = mayBeDone
    ? await ctx.warehouse.read((session) => doneToFiles(session, { runId: ctx.runId, step: 'ingest' }))
    : new Map<number, StepResult>();
  for (const examined of files)
    if (examined.kind === 'new') ctx.touched?.read({ file: examined.candidate.file.absolute });
  for (const group of groupByTarget(files)) {
    ctx.signal.throwIfAborted();
    results.push(...(await writeGroup(ctx, group, passedOver, context, done)));
  }
  return results;
}

async function writeGroup(
  ctx: StepContext,
  group: readonly ExaminedFile[],
  passedOver: readonly NewFile[],
  context: LogContext,
  done: ReadonlyMap<number, StepResult>,
): Promise<StepResult[]> {
  const target = targetOf((group[0] as ExaminedFile).candidate);
  const standing = standingResults(group, done);
  const fresh = group
    .flatMap((one) => (one.kind === 'new' ? [one] : []))
    .sort((a, b) => compareVersions(a.candidate.named?.version ?? null, b.candidate.named?.version ?? null));
  const unordered = target === null ? [] : withoutOrder(fresh);
  const blocked = unordered.length > 0 && target !== null ? [blockedResult(target, unordered)] : [];
  const log = async (session: Session): Promise<StepResult[]> => {
    if (blocked.length === 0 && fresh.length > 0) {
      return [...standing, ...(await logDeliveries(session, target, fresh, passedOver, context))];
    }
    return [...standing, ...blocked];
  };
  const judge = async (session: Session): Promise<StepResult[]> => {
    const results = await log(session);
    if (target === null || results.every((result) => result.status !== 'refused')) return results;
    const logged = (await deliveriesOf(session, target)).filter((one) => one.status !== 'withdrawn');
    const judged = blocked.length > 0 ? results.length : standing.length;
    return forgiveReplaced(results, judged, logged.at(-1)?.fileId ?? null);
  };
  if (context.dryRun || fresh.length === 0 || blocked.length > 0) return ctx.warehouse.read(judge);
  const lock =
    target === null ? `ingest:${(group[0] as ExaminedFile).candidate.file.path}` : targetLock(target);
  const results = await ctx.warehouse.transaction(async (tx) => {
    await tx.lock([lock, ...(target === null || target.slice === '' ? [] : [slicesLock(target.dataset)])]);
    return judge(tx);
  });
  return target === null ? results : reportRefused(ctx, target, results);
}

/** What to say about the datasets of a period for which landed has no file. */
async function absentTargets(
  ctx: StepContext,
  asked: Asked & { readonly period: Period },
  results: readonly StepResult[],
): Promise<StepResult[]> {
  const chosen = fileDatasets(ctx.config).filter(
    (dataset) =>
      (asked.dataset === null || dataset.name === asked.dataset) &&
      [...asked.slice.keys()].every((name) => dataset.sliceNames.includes(name)),
  );
  const seen = new Set(results.map((result) => result.dataset));
  const absent = chosen.filter((dataset) => !seen.has(dataset.name));
  if (absent.length === 0) return [];
  return ctx.warehouse.read(async (session) => {
    const found: StepResult[] = [];
    for (const dataset of absent) found.push(...(await absentOf(session, dataset, asked)));
    return found;
  });
}

async function absentOf(
  session: Session,
  dataset: Dataset,
  asked: Asked & { readonly period: Period },
): Promise<StepResult[]> {
  const due = periodDue(dataset.periodKind, asked.period);
  if (due === null) {
    const message = `${dataset.name} is delivered by ${dataset.periodKind}; nothing is due in ${asked.period.text}.`;
    return [
      stepResult({
        step: 'ingest',
        status: 'skipped',
        dataset: dataset.name,
        period: asked.period.text,
        message,
      }),
    ];
  }
  const logged = await loggedTargets(session, dataset.name, due.text, asked.slice);
  const unnamed: Target = { dataset: dataset.name, period: due.text, slice: '' };
  const results: StepResult[] = [];
  for (const target of logged.length === 0 ? [unnamed] : logged)
    results.push(absentResult(target, await newestDelivery(session, target), asked.dataset !== null));
  return results;
}
