import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { counted, grouped } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { NO_PERIOD, parsePeriod } from '../domain/period.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { parseSlice } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import type { WriteWords } from '../errors/advice.ts';
import { displayPath, type Project, rejectedPath } from '../lake/project.ts';
import type { Delivery } from '../ledger/deliveries.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { fetchBasis } from './basis/fetch-basis.ts';
import { sentFirst, withExtractedRows, withUnchangedFile } from './delivered-file.ts';
import { fetchEarlier } from './earlier.ts';
import { keepReports } from './keep-reports.ts';
import { type KeptFiles, keepValidation } from './keep-validation.ts';
import { logOutcome } from './log-outcome.ts';
import { outcomeOf, type ValidationOutcome } from './outcome.ts';
import { Scratch } from './scratch.ts';

/** The parts of a step's context that a validation uses. */
export interface ValidationContext {
  readonly project: Project;
  readonly config: Config;
  readonly warehouse: Warehouse;
  readonly runId: string;
  readonly clock: () => Date;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly version: string;
  readonly write: WriteWords;
  readonly log: { warn(text: string): void };
}

/** What is validated: a delivery, and the dataset, period and slice that it is for. */
interface Subject {
  readonly dataset: Dataset;
  readonly target: Target;
  readonly delivery: Delivery;
}

/** Validates one delivery: reads the landed file, checks it, writes the results, and logs them. */
export async function validateDelivery(
  ctx: ValidationContext,
  dataset: Dataset,
  target: Target,
  delivery: Delivery,
): Promise<StepResult> {
  const startedAt = ctx.clock();
  return inFolder(ctx, async (folder) => {
    const subject = { dataset, target, delivery };
    const outcome = await examine(ctx, subject, folder, 'settled');

    const kept = ctx.dryRun ? null : await keep(ctx, subject, outcome);
    const answer = resultOf(subject, outcome, kept);
    if (kept !== null) await logOutcome(ctx, target, delivery, { outcome, kept, startedAt, answer });
    return answer;
  });
}

/** Makes the reports of a delivery again, by a validation that is not logged and keeps no rows. */
export async function remakeReports(
  ctx: ValidationContext,
  dataset: Dataset,
  target: Target,
  delivery: Delivery,
): Promise<void> {
  await inFolder(ctx, async (folder) => {
    // A report that is made again uses the lists that exist.
    const outcome = await examine(ctx, { dataset, target, delivery }, folder, 'as-found');
    if (ctx.dryRun) return;
    const name = { ...target, fileId: delivery.fileId };
    const csv = rejectedPath(ctx.project, name, 'csv');
    const { warnings } = await keepReports(ctx.project, name, outcome, {
      ...reportOptions(ctx, delivery),
      rejectedCsv: existsSync(csv) ? displayPath(ctx.project, csv) : null,
    });
    for (const warning of warnings) ctx.log.warn(warning);
  });
}

/** A folder for scratch files, on the file system of the targets, so that a rename is enough; a dry run writes nothing into the project. */
async function inFolder<T>(ctx: ValidationContext, work: (folder: string) => Promise<T>): Promise<T> {
  if (!ctx.dryRun) mkdirSync(ctx.project.scratch, { recursive: true });
  const folder = ctx.dryRun
    ? mkdtempSync(join(tmpdir(), 'tidemark-'))
    : mkdtempSync(join(ctx.project.scratch, `validate-${process.pid}-`));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resolves what the rows are compared with, then opens, extracts and checks them. */
async function examine(
  ctx: ValidationContext,
  { dataset, target, delivery }: Subject,
  folder: string,
  lists: 'settled' | 'as-found',
): Promise<ValidationOutcome> {
  const period = parsePeriod(target.period) ?? NO_PERIOD;
  const slice = parseSlice(target.slice);
  return withUnchangedFile(ctx, delivery, async ({ path, sha256 }) => {
    const { earlier, ...compared } = await ctx.warehouse.read(async (session) => ({
      ...(await fetchBasis(session, ctx, {
        ...{ dataset, period, slice, folder, lists },
        waiting: true,
        sentAs: await sentFirst(session, delivery),
      })),
      earlier: await fetchEarlier(session, ctx, dataset, target, delivery),
    }));

    return withExtractedRows(ctx, dataset, delivery, { path, folder }, async (rows) => {
      const { extract } = rows;
      const reads = [path, ...(earlier.last?.idsPath ? [earlier.last.idsPath] : [])];
      const { size: bytes } = statSync(extract.path);
      const scratch = await Scratch.open(folder, { reads, width: extract.width, bytes });
      const stop = () => scratch.interrupt();
      ctx.signal.addEventListener('abort', stop);
      try {
        const about = { dataset, fileId: delivery.fileId, sha256, version: ctx.version };
        return await outcomeOf(scratch, { ...about, ...compared, earlier, rows: { ...rows, slice } });
      } finally {
        ctx.signal.removeEventListener('abort', stop);
        scratch.close();
      }
    });
  });
}

async function keep(
  ctx: ValidationContext,
  { target, delivery }: Subject,
  outcome: ValidationOutcome,
): Promise<KeptFiles> {
  const name = { ...target, fileId: delivery.fileId };
  const kept = await keepValidation(ctx.project, name, outcome, reportOptions(ctx, delivery));
  for (const warning of kept.warnings) ctx.log.warn(warning);
  return kept;
}

/** What a reply corrects is another file, which does not have these problems, so it is not annotated. */
function reportOptions({ config: { limits } }: ValidationContext, { replyTo }: Delivery) {
  return { limits, annotate: replyTo === null };
}

function resultOf(
  { target, delivery }: Subject,
  { rows, findings, status, report }: ValidationOutcome,
  kept: KeptFiles | null,
): StepResult {
  const warnings = findings.warning === 0 ? '' : `, ${counted(findings.warning, 'warning')}`;
  const message =
    status === 'refused'
      ? report.refusals.join(' ')
      : `${counted(rows.accepted, 'row')} accepted, ${grouped(rows.rejected)} rejected${warnings}.`;
  return stepResult({
    step: 'validate',
    status: status === 'passed' ? 'done' : 'refused',
    dataset: target.dataset,
    period: target.period,
    slice: target.slice || null,
    fileId: delivery.fileId,
    rows: { read: rows.read, accepted: rows.accepted, rejected: rows.rejected },
    outputs: kept?.outputs ?? [],
    findings,
    message,
    hint:
      status === 'passed' || kept === null
        ? null
        : `Open ${kept.reports}/report.html, fix the file, and drop it into data/landed again.`,
  });
}
