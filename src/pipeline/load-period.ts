import type { Dataset } from '../domain/dataset.ts';
import { type Period, periodDue } from '../domain/period.ts';
import { combineResults, type StepResult, stepResult } from '../domain/result.ts';
import { sliceMatches, sliceText } from '../domain/slice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { slicesOf } from '../ledger/deliveries.ts';
import { loadStage } from '../steps/load-stage.ts';
import type { StepContext } from '../steps/step.ts';
import { unitOfError } from '../steps/unit-of-error.ts';

export interface LoadPeriodInput {
  readonly period: Period;
  /** One dataset by name; null: every one that is due. */
  readonly dataset: string | null;
  readonly slice: ReadonlyMap<string, string> | null;
  readonly parquetPath: string | null;
  readonly fileId: number | null;
  readonly allowEmpty: boolean;
  readonly force: boolean;
}

/**
 * load-stage for every dataset and slice that a call means, one transaction each; the others go on where one fails.
 * What was not named and has nothing to load is listed and counts as 0.
 */
export async function loadPeriod(ctx: StepContext, input: LoadPeriodInput): Promise<StepResult> {
  const datasets = [...ctx.config.datasets.values()].filter(
    (each) => input.dataset === null || each.name === input.dataset,
  );
  const results: StepResult[] = [];
  for (const dataset of datasets) results.push(...(await loadDataset(ctx, dataset, input)));
  return combineResults('load-stage', results, {
    period: input.period.text,
    emptyMessage: 'There is no dataset to load.',
  });
}

async function loadDataset(
  ctx: StepContext,
  dataset: Dataset,
  input: LoadPeriodInput,
): Promise<StepResult[]> {
  const period = periodDue(dataset.periodKind, input.period);
  if (period === null) {
    const message = `${dataset.name} is delivered by ${dataset.periodKind}; nothing is due for ${input.period.text}.`;
    return [
      stepResult({
        step: 'load-stage',
        status: 'skipped',
        dataset: dataset.name,
        period: input.period.text,
        message,
      }),
    ];
  }
  if (input.parquetPath !== null || input.fileId !== null) return loadOne(ctx, dataset, period, null, input);
  const results: StepResult[] = [];
  for (const slice of await meantSlices(ctx, dataset, period, input)) {
    ctx.signal.throwIfAborted();
    results.push(...(await loadOne(ctx, dataset, period, slice, input)));
  }
  return results;
}

type MaybeSlice = Parameters<typeof loadStage>[1]['slice'];

/** The slices anything was ever logged for; null, for 'as the step finds it', where there are none. */
async function meantSlices(
  ctx: StepContext,
  dataset: Dataset,
  period: Period,
  input: LoadPeriodInput,
): Promise<MaybeSlice[]> {
  const known = await ctx.warehouse.read((session) => slicesOf(session, dataset.name, period.text));
  const meant = known.filter((slice) => sliceMatches(slice, input.slice ?? new Map()));
  return meant.length > 0 ? meant : [null];
}

async function loadOne(
  ctx: StepContext,
  dataset: Dataset,
  period: Period,
  slice: MaybeSlice,
  input: LoadPeriodInput,
): Promise<StepResult[]> {
  const text = slice === null ? '' : sliceText(slice);
  ctx.log.progress(`load-stage ${[dataset.name, period.text, text].filter(Boolean).join(' ')}`);
  try {
    return await loadStage(ctx, {
      dataset,
      period,
      slice,
      ...(input.parquetPath === null ? {} : { parquetPath: input.parquetPath }),
      ...(input.fileId === null ? {} : { fileId: input.fileId }),
      allowEmpty: input.allowEmpty,
      force: input.force,
    });
  } catch (error) {
    const about = { dataset: dataset.name, period: period.text, slice: text || null };
    if (input.dataset === null && error instanceof TidemarkError && LISTED.has(error.code)) {
      return [
        stepResult({
          step: 'load-stage',
          status: 'skipped',
          ...about,
          message: error.message,
          hint: error.hint,
        }),
      ];
    }
    return [unitOfError('load-stage', error, about)];
  }
}

/** Outcomes of what came before; they are told again only to a caller that asks for the dataset by name. */
const LISTED = new Set(['nothing-landed', 'file-refused']);
