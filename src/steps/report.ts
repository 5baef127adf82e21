import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { counted, grouped } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { type Period, periodDue } from '../domain/period.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { type SliceFilter, sliceShown } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import { command, option, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { displayPath, type Project, reportFolder } from '../lake/project.ts';
import { type Delivery, deliveryById, newestDelivery } from '../ledger/deliveries.ts';
import { targetsMeant } from '../ledger/targets.ts';
import { latestValidation } from '../ledger/validations.ts';
import { remakeReports } from '../validation/validate-delivery.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { reportRefused } from './report-refused.ts';
import type { StepContext } from './step.ts';

export type ReportInput =
  | { readonly fileId: number }
  | { readonly dataset: Dataset; readonly period: Period; readonly slice: SliceFilter | null };

/** The parts of findings.json that a summary needs; personal values are masked in it. */
export interface ReportSummary {
  readonly verdict: string;
  readonly reasons: readonly string[];
  readonly rows: { readonly read: number; readonly accepted: number; readonly rejected: number } | null;
  readonly counts: { readonly error: number; readonly warning: number; readonly info: number };
  readonly totals: readonly {
    readonly severity: string;
    readonly message: string;
    readonly count: number;
    readonly cells: readonly string[];
  }[];
}

export interface ReportAnswer {
  readonly result: StepResult;
  /** Null in a dry run that would first have to make the report. */
  readonly summary: ReportSummary | null;
}

const STEP = 'report';

/**
 * Where the reports of a delivery are, with a summary. Missing reports are made again from the landed file, and nothing
 * else changes. Refuses deliveries that were not validated.
 */
export async function report(ctx: StepContext, input: ReportInput): Promise<ReportAnswer> {
  const { delivery, target, looked } = await ctx.warehouse.read((session) => meant(session, input));
  const dataset = ctx.config.datasets.get(target.dataset);
  const folder = reportFolder(ctx.project, { ...target, fileId: delivery.fileId });
  const isThere = existsSync(join(folder, 'report.html')) && existsSync(join(folder, 'findings.json'));

  if (!isThere && dataset !== undefined) await remake(ctx, dataset, target, delivery, looked);

  const summary = readSummary(folder);
  const again = isThere ? '' : ctx.dryRun ? ' They would be made again.' : ' They were made again.';
  const outputs = filesIn(ctx.project, folder);
  const verdict = summary === null ? 'Its reports are gone.' : verdictText(summary);
  const result = stepResult({
    step: STEP,
    status: 'done',
    dataset: target.dataset,
    period: target.period,
    slice: target.slice || null,
    fileId: delivery.fileId,
    rows: summary?.rows ?? {},
    findings: summary?.counts ?? {},
    outputs,
    message: `${delivery.path}: ${verdict}${again}`,
  });
  return { result, summary };
}

interface Meant {
  readonly delivery: Delivery;
  readonly target: Target;
  /** It passed the gate, and was validated. */
  readonly looked: boolean;
}

async function meant(session: Session, input: ReportInput): Promise<Meant> {
  const found =
    'fileId' in input ? await deliveryById(session, input.fileId) : await newestOf(session, input);
  if (found === null && 'fileId' in input) {
    throw new TidemarkError('unknown-delivery', { message: `There is no delivery ${input.fileId}.` });
  }
  const original =
    found?.status === 'duplicate' && found.duplicateOf !== null
      ? await deliveryById(session, found.duplicateOf)
      : found;
  if (original === null || original.dataset === null || original.period === null) {
    throw new TidemarkError('unknown-delivery', {
      message: `Delivery ${original?.fileId ?? ''} is of no dataset, so there is no report of it.`,
      hint: words`Run \`${command('ingest', { filePath: true })}\` on the file to see why.`,
    });
  }
  const target = { dataset: original.dataset, period: original.period, slice: original.slice };
  const looked = (await latestValidation(session, original.fileId)) !== null;
  if (!looked && original.status !== 'refused') {
    throw new TidemarkError('not-validated', {
      message: `Delivery ${original.fileId} has not been validated yet, so there is no report of it.`,
      hint: words`Run: ${command('validate', { fileId: original.fileId })}`,
      where: { dataset: target.dataset, period: target.period },
    });
  }
  return { delivery: original, target, looked };
}

async function newestOf(
  session: Session,
  input: Extract<ReportInput, { dataset: Dataset }>,
): Promise<Delivery> {
  const { dataset } = input;
  const period = periodDue(dataset.periodKind, input.period)?.text ?? input.period.text;
  const targets = await targetsMeant(session, dataset.name, period, input.slice);
  if (targets.length > 1) {
    throw new TidemarkError('usage', {
      message: `${dataset.name} ${period} has ${targets.length} slices; a report is of one of them.`,
      hint: words`Add ${option('slice')}, such as: ${targets
        .slice(0, 3)
        .map((each) => sliceShown(each.slice))
        .join('; ')}.`,
    });
  }
  const newest = await newestDelivery(session, targets[0] as Target);
  if (newest !== null) return newest;
  throw new TidemarkError('nothing-landed', {
    message: `No delivery of ${dataset.name} for ${period} has landed yet.`,
    where: { dataset: dataset.name, period },
  });
}

/** Reports of the gate come from the log; for all others the file is checked again. */
async function remake(
  ctx: StepContext,
  dataset: Dataset,
  target: Target,
  delivery: Delivery,
  looked: boolean,
): Promise<void> {
  if (looked) await remakeReports(ctx, dataset, target, delivery);
  else if (!ctx.dryRun) {
    const refused = stepResult({ step: STEP, status: 'refused', fileId: delivery.fileId });
    await reportRefused(ctx, target, [refused]);
  }
}

/** Summary of the report in a folder; null where there is none. */
export function readSummary(folder: string): ReportSummary | null {
  const path = join(folder, 'findings.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as ReportSummary) : null;
}

function filesIn(project: Project, folder: string): string[] {
  if (!existsSync(folder)) return [];
  const known = ['report.html', 'findings.json', 'corrections.xlsx', 'annotated.xlsx'];
  const there = new Set(readdirSync(folder));
  return known.filter((name) => there.has(name)).map((name) => displayPath(project, join(folder, name)));
}

function verdictText({ verdict, rows, counts }: ReportSummary): string {
  const read = rows === null ? '' : ` ${grouped(rows.accepted)} of ${counted(rows.read, 'row')} accepted,`;
  return `${verdict};${read} ${counted(counts.error, 'error')}, ${counted(counts.warning, 'warning')}.`;
}
