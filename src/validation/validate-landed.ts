import { existsSync, mkdirSync, mkdtempSync, rmSync, type Stats, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { counted, grouped } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { NO_PERIOD, type Period, parsePeriod } from '../domain/period.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { parseSlice } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { locateTable } from '../gate/locate-table.ts';
import { openLanded } from '../gate/open-landed.ts';
import { chainOf, openReply } from '../gate/reply/open-reply.ts';
import { sha256Of } from '../lake/file-hash.ts';
import { displayPath, type Project, rejectedPath } from '../lake/project.ts';
import type { Delivery } from '../ledger/deliveries.ts';
import type { Source } from '../readers/reader.ts';
import type { Session, Warehouse } from '../warehouse/warehouse.ts';
import { readControlFile } from './control-file.ts';
import { fetchEarlier, lookUpIn } from './earlier.ts';
import { keepReports } from './keep-reports.ts';
import { keepValidation } from './keep-validation.ts';
import { logOutcome } from './log-outcome.ts';
import { fetchOtherKeys } from './other-keys.ts';
import { fetchLastYear, fetchPrevious } from './previous.ts';
import { fetchReferences, fetchSettled } from './references/fetch-references.ts';
import { Lists } from './references/lists.ts';
import { Scratch } from './scratch.ts';
import { type ValidationOutcome, validateDelivery } from './validate-delivery.ts';

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
  readonly log: { warn(text: string): void };
}

/** Validates one delivery: reads the landed file, checks it, writes the results, and logs them. */
export async function validateLanded(
  ctx: ValidationContext,
  dataset: Dataset,
  target: Target,
  delivery: Delivery,
): Promise<StepResult> {
  const startedAt = ctx.clock();
  const folder = scratchFolder(ctx);
  try {
    const outcome = await check(ctx, dataset, delivery, { folder, waits: true });
    const name = { ...target, fileId: delivery.fileId };
    const kept = ctx.dryRun
      ? null
      : await keepValidation(ctx.project, name, outcome, {
          limits: ctx.config.limits,
          // What a reply corrects is another file, which does not have these problems.
          annotate: delivery.replyTo === null,
        });
    for (const warning of kept?.warnings ?? []) ctx.log.warn(warning);
    const answer = resultOf(target, delivery, outcome, kept?.outputs ?? [], kept?.reports ?? null);
    if (kept !== null) await logOutcome(ctx, target, delivery, { outcome, kept, startedAt, answer });
    return answer;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes the reports of a delivery again, by a validation that is not logged and keeps no rows. */
export async function remakeReports(
  ctx: ValidationContext,
  dataset: Dataset,
  target: Target,
  delivery: Delivery,
): Promise<readonly string[]> {
  const folder = scratchFolder(ctx);
  try {
    const outcome = await check(ctx, dataset, delivery, { folder, waits: false });
    if (ctx.dryRun) return [];
    const name = { ...target, fileId: delivery.fileId };
    const csv = rejectedPath(ctx.project, name, 'csv');
    const { outputs, warnings } = await keepReports(ctx.project, name, outcome, {
      limits: ctx.config.limits,
      annotate: delivery.replyTo === null,
      rejectedCsv: existsSync(csv) ? displayPath(ctx.project, csv) : null,
    });
    for (const warning of warnings) ctx.log.warn(warning);
    return outputs;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** On the file system of the targets, so that a rename is enough; a dry run writes nothing into the project. */
function scratchFolder(ctx: ValidationContext): string {
  if (ctx.dryRun) return mkdtempSync(join(tmpdir(), 'tidemark-'));
  mkdirSync(ctx.project.scratch, { recursive: true });
  return mkdtempSync(join(ctx.project.scratch, `validate-${process.pid}-`));
}

async function check(
  ctx: ValidationContext,
  dataset: Dataset,
  delivery: Delivery,
  how: { readonly folder: string; readonly waits: boolean },
): Promise<ValidationOutcome> {
  const path = join(ctx.project.root, delivery.path);
  const before = statSync(path, { throwIfNoEntry: false });
  const sha256 = refuseChanged(path, delivery);
  sha256.catch(() => {});
  try {
    const outcome = await read(ctx, dataset, delivery, { ...how, path, sha256 });
    refuseTouched(path, before, delivery);
    return outcome;
  } finally {
    // If the file was changed meanwhile, that explains every other error.
    await sha256;
  }
}

interface How {
  readonly folder: string;
  /** Whether missing lists stop the validation; a report that is made again uses the lists that exist. */
  readonly waits: boolean;
  readonly path: string;
  readonly sha256: Promise<string>;
}

async function read(
  ctx: ValidationContext,
  dataset: Dataset,
  delivery: Delivery,
  { folder, waits, path, sha256 }: How,
): Promise<ValidationOutcome> {
  const period = periodOf(delivery);
  const slice = parseSlice(delivery.slice);
  const target = { dataset: dataset.name, period: period.text, slice: delivery.slice };
  const referring = { dataset, period, slice };
  const { earlier, references, ...compared } = await ctx.warehouse.read(async (session) => ({
    references: await (waits ? fetchSettled : fetchReferences)(new Lists(session, ctx), referring, folder),
    previous: await fetchPrevious(session, dataset, period, slice, folder),
    lastYear: await fetchLastYear(session, dataset, period, slice),
    others: await fetchOtherKeys(session, ctx.project, dataset, { period, slice }, folder),
    // For a reply, the control file is the one that came with the original.
    control: readControlFile(join(ctx.project.root, await originalPath(session, delivery)), dataset),
    earlier: await fetchEarlier(session, ctx.project, target, delivery),
  }));
  const before = {
    last: earlier.last,
    lastPeriod:
      earlier.period === null || earlier.profile === null
        ? null
        : { period: earlier.period.period, profile: earlier.profile },
    lookUp: earlier.period === null ? null : lookUpIn(ctx.warehouse, dataset, target, earlier.period.period),
  };
  const source = await openDelivery(ctx, dataset, delivery, path);
  try {
    const located = await locateTable(source, dataset, delivery.path);
    if (located.message !== null || located.sheet === null || located.headerRow === null) {
      throw new TidemarkError('file-refused', {
        message: located.message ?? 'The file has no table.',
        hint: 'The configuration changed since the file was ingested: fix the file or the configuration.',
      });
    }
    const { sheet, headerRow, width } = located;
    const { merged } = dataset.source;
    const extract = await source.extract({ sheet, headerRow, width, scratch: folder, merged });
    // Extracted completely; the text forms may read the file again.
    if (extract.form === 'canonical') await source.close();
    const scratch = await Scratch.open(folder, {
      reads: [path, ...(earlier.last?.idsPath ? [earlier.last.idsPath] : [])],
      width,
      bytes: statSync(extract.path).size,
    });
    const stop = () => scratch.interrupt();
    ctx.signal.addEventListener('abort', stop);
    try {
      const layout = {
        format: source.format,
        file: delivery.path,
        sheet: sheet.name,
        headers: located.headersFound,
        headerTexts: located.headerTexts,
        mapping: located.mapping,
      };
      const about = { dataset, period, slice, fileId: delivery.fileId, sha256, version: ctx.version };
      return await validateDelivery(scratch, {
        ...{ ...about, ...before, ...compared, layout, extract },
        references: references.keys,
        referenceBasis: references.basis,
        headerFindings: located.findings,
      });
    } finally {
      ctx.signal.removeEventListener('abort', stop);
      scratch.close();
    }
  } finally {
    await source.close();
  }
}

async function originalPath(session: Session, delivery: Delivery): Promise<string> {
  if (delivery.replyTo === null) return delivery.path;
  const [original] = await chainOf(session, delivery.replyTo);
  return original?.path ?? delivery.path;
}

/** A reply is read as its original with the filled-in cells in place. */
async function openDelivery(
  ctx: ValidationContext,
  dataset: Dataset,
  delivery: Delivery,
  path: string,
): Promise<Source> {
  const { replyTo } = delivery;
  if (replyTo === null) return openLanded(path, dataset, ctx.config.limits);
  const chain = await ctx.warehouse.read((session) => chainOf(session, replyTo));
  return openReply(ctx.project, chain, path, dataset, ctx.config.limits);
}

async function refuseChanged(path: string, delivery: Delivery): Promise<string> {
  const where = { file: delivery.path };
  const hint = 'Run `tidemark ingest` again, then validate.';
  const sha256 = await sha256Of(path).catch((cause) => {
    throw new TidemarkError('changed-since-ingest', {
      message: `${delivery.path} is gone or cannot be read.`,
      hint,
      where,
      cause,
    });
  });
  if (sha256 !== delivery.sha256) {
    throw new TidemarkError('changed-since-ingest', {
      message: `${delivery.path} has changed since it was ingested as delivery ${delivery.fileId}.`,
      hint,
      where,
    });
  }
  return sha256;
}

/** The bytes were hashed before they were read: they must not have changed in between. */
function refuseTouched(path: string, before: Stats | undefined, delivery: Delivery): void {
  const after = statSync(path, { throwIfNoEntry: false });
  if (before && after && before.size === after.size && before.mtimeMs === after.mtimeMs) return;
  throw new TidemarkError('changed-since-ingest', {
    message: `${delivery.path} changed while it was read.`,
    hint: 'Run `tidemark ingest` again, then validate.',
    where: { file: delivery.path },
  });
}

function periodOf(delivery: Delivery): Period {
  return parsePeriod(delivery.period ?? '') ?? NO_PERIOD;
}

function resultOf(
  target: Target,
  delivery: Delivery,
  outcome: ValidationOutcome,
  outputs: readonly string[],
  reports: string | null,
): StepResult {
  const { rows, findings, status } = outcome;
  const warnings = findings.warning === 0 ? '' : `, ${counted(findings.warning, 'warning')}`;
  const message =
    status === 'refused'
      ? outcome.report.refusals.join(' ')
      : `${counted(rows.accepted, 'row')} accepted, ${grouped(rows.rejected)} rejected${warnings}.`;
  return stepResult({
    step: 'validate',
    status: status === 'passed' ? 'done' : 'refused',
    dataset: target.dataset,
    period: target.period,
    slice: target.slice || null,
    fileId: delivery.fileId,
    rows: { read: rows.read, accepted: rows.accepted, rejected: rows.rejected },
    outputs,
    findings,
    message,
    hint:
      status === 'passed' || reports === null
        ? null
        : `Open ${reports}/report.html, fix the file, and drop it into data/landed again.`,
  });
}
