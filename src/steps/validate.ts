import { join, sep } from 'node:path';
import { fileDatasets } from '../config/config.ts';
import type { Dataset } from '../domain/dataset.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import { type Period, periodDue } from '../domain/period.ts';
import { inReferenceOrder } from '../domain/reference-order.ts';
import { combineResults, type StepResult, stepResult } from '../domain/result.ts';
import { type SliceFilter, sliceShown } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import { command, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { type Delivery, deliveryById } from '../ledger/deliveries.ts';
import { dueToValidate } from '../ledger/due-to-validate.ts';
import { targetsMeant } from '../ledger/targets.ts';
import { validateDelivery } from '../validation/validate-delivery.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { StepContext } from './step.ts';
import { unitOfError } from './unit-of-error.ts';

export type ValidateInput =
  | { readonly fileId: number }
  | {
      readonly period: Period;
      /** The call named the dataset: then a refusal by the gate, or no landed file, is the outcome. */
      readonly dataset?: string;
      readonly slice?: SliceFilter;
    };

const STEP = 'validate';

/** The work for one dataset, period and slice. */
interface Unit {
  readonly target: Target;
  readonly dataset: Dataset;
  /** Oldest first; the last one decides. */
  readonly deliveries: readonly Delivery[];
  /** Refused at the gate, so that the outcome of an older delivery does not count. */
  readonly refusedNewest: Delivery | null;
}

/**
 * A landed file becomes cleaned Parquet, rejected rows and reports, or is refused with every fault in it. Refuses files
 * that changed since the gate. Datasets to which others refer come first.
 */
export async function validate(ctx: StepContext, input: ValidateInput): Promise<StepResult> {
  if ('fileId' in input) return ofFile(ctx, input.fileId);
  const { period, dataset = null, slice = new Map<string, string>() } = input;
  const datasets = chosenDatasets(ctx, dataset);
  const results: StepResult[] = [];
  for (const each of inReferenceOrder(datasets)) {
    const due = periodDue(each.periodKind, period);
    if (due === null) {
      results.push(notDue(each, period));
      continue;
    }
    const units = await ctx.warehouse.read((session) => unitsOf(session, each, due, slice));
    for (const unit of units) results.push(await ofUnit(ctx, unit, dataset !== null));
  }
  return combineResults(STEP, results, {
    period: period.text,
    emptyMessage: 'There is no dataset to validate.',
  });
}

async function ofFile(ctx: StepContext, fileId: number): Promise<StepResult> {
  const found = await ctx.warehouse.read((session) => deliveryById(session, fileId));
  if (found === null) {
    throw new TidemarkError('unknown-delivery', { message: `There is no delivery ${fileId}.` });
  }
  const delivery =
    found.status === 'duplicate' && found.duplicateOf !== null
      ? ((await ctx.warehouse.read((session) => deliveryById(session, found.duplicateOf as number))) ?? found)
      : found;
  if (delivery.status === 'refused' || delivery.dataset === null || delivery.period === null)
    return refusedAtGate(delivery);
  if (delivery.status === 'withdrawn') {
    throw new TidemarkError('file-refused', {
      message: `Delivery ${fileId} was withdrawn.`,
      hint: 'If it counts after all, drop it into data/landed again under another name.',
    });
  }
  const dataset = ctx.config.datasets.get(delivery.dataset);
  if (dataset === undefined) throw unknownDataset(ctx, delivery.dataset);
  const target = { dataset: delivery.dataset, period: delivery.period, slice: delivery.slice };
  return outcomeOf(ctx, dataset, target, delivery);
}

function chosenDatasets(ctx: StepContext, name: string | null): Dataset[] {
  if (name === null) return fileDatasets(ctx.config);
  const dataset = ctx.config.datasets.get(name);
  if (dataset === undefined) throw unknownDataset(ctx, name);
  return [dataset];
}

function unknownDataset(ctx: StepContext, name: string): TidemarkError {
  const meant = didYouMean(name, ctx.config.datasets.keys());
  return new TidemarkError('unknown-dataset', {
    message: `There is no dataset '${name}'.${meant === null ? '' : ` Did you mean '${meant}'?`}`,
  });
}

/** Every slice that was ever logged, with the deliveries that are due; the newest one is validated again in any case. */
async function unitsOf(
  session: Session,
  dataset: Dataset,
  period: Period,
  asked: SliceFilter,
): Promise<Unit[]> {
  const units: Unit[] = [];
  for (const target of await targetsMeant(session, dataset.name, period.text, asked)) {
    const { newest, newestIs, deliveries } = await dueToValidate(session, target, async () => false);
    units.push({ target, dataset, deliveries, refusedNewest: newestIs === 'refused' ? newest : null });
  }
  return units;
}

async function ofUnit(ctx: StepContext, unit: Unit, named: boolean): Promise<StepResult> {
  const results: StepResult[] = [];
  for (const delivery of unit.deliveries) {
    ctx.signal.throwIfAborted();
    results.push(await outcomeOf(ctx, unit.dataset, unit.target, delivery));
  }
  if (unit.refusedNewest !== null) results.push(onlyIfNamed(refusedAtGate(unit.refusedNewest), named));
  const newest = results.at(-1);
  if (newest === undefined) return nothingLanded(unit, named);
  return results.length === 1 ? newest : { ...newest, results };
}

async function outcomeOf(
  ctx: StepContext,
  dataset: Dataset,
  target: Target,
  delivery: Delivery,
): Promise<StepResult> {
  ctx.log.progress(`${STEP} ${delivery.path}`);
  ctx.touched?.read({ file: join(ctx.project.root, delivery.path) });
  try {
    const result = await validateDelivery(ctx, dataset, target, delivery);
    tellWritten(ctx, result);
    return result;
  } catch (error) {
    const about = { dataset: target.dataset, period: target.period, slice: target.slice || null };
    return { ...unitOfError(STEP, error, about), fileId: delivery.fileId };
  }
}

/** Cleaned and rejected rows; the reports are for people. */
function tellWritten({ project, touched }: StepContext, { outputs, rows }: StepResult): void {
  for (const path of outputs.filter((one) => one.endsWith('.parquet'))) {
    const file = join(project.root, path);
    touched?.wrote({ file }, file.startsWith(join(project.cleaned, sep)) ? rows.accepted : rows.rejected);
  }
}

function refusedAtGate(delivery: Delivery): StepResult {
  return stepResult({
    step: STEP,
    status: 'refused',
    dataset: delivery.dataset,
    period: delivery.period,
    slice: delivery.slice || null,
    fileId: delivery.fileId,
    message: `${delivery.path} (delivery ${delivery.fileId}) was refused at the gate; there is nothing to validate.`,
    hint: words`Run \`${command('ingest', { filePath: delivery.path })}\` to see why, fix the file, and deliver it again.`,
  });
}

function onlyIfNamed(result: StepResult, named: boolean): StepResult {
  return named ? result : { ...result, status: 'skipped', exitCode: 0 };
}

function nothingLanded({ target }: Unit, named: boolean): StepResult {
  const slice = target.slice === '' ? '' : `, ${sliceShown(target.slice)}`;
  const result = stepResult({
    step: STEP,
    status: 'retry',
    dataset: target.dataset,
    period: target.period,
    slice: target.slice || null,
    message: `No delivery of ${target.dataset} has landed for ${target.period}${slice} yet.`,
    hint: words`Drop the file into data/landed, then run: ${command('ingest', { period: target.period })}`,
  });
  return onlyIfNamed(result, named);
}

function notDue(dataset: Dataset, period: Period): StepResult {
  return stepResult({
    step: STEP,
    status: 'skipped',
    dataset: dataset.name,
    period: period.text,
    message: `${dataset.name} comes by the ${dataset.periodKind}; it is not due in ${period.text}.`,
  });
}
