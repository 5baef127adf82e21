import { fileDatasets } from '../config/config.ts';
import type { Period } from '../domain/period.ts';
import { inReferenceOrder } from '../domain/reference-order.ts';
import { combineResults, type StepResult } from '../domain/result.ts';
import type { SliceFilter } from '../domain/slice.ts';
import { loadStage } from '../steps/load-stage.ts';
import type { StepContext } from '../steps/step.ts';

export interface LoadPeriodInput {
  readonly period: Period;
  /** One dataset by name; null: every one that is due. */
  readonly dataset: string | null;
  readonly slice: SliceFilter | null;
  readonly parquetPath: string | null;
  readonly fileId: number | null;
  readonly allowEmpty: boolean;
  readonly force: boolean;
  readonly scheduled?: boolean;
}

/**
 * load-stage for every dataset and slice that a call means, one transaction each; where one fails, the others continue.
 */
export async function loadPeriod(ctx: StepContext, input: LoadPeriodInput): Promise<StepResult> {
  const datasets = fileDatasets(ctx.config).filter(
    (each) => input.dataset === null || each.name === input.dataset,
  );
  const results: StepResult[] = [];
  for (const dataset of inReferenceOrder(datasets)) {
    const loaded = await loadStage(ctx, {
      dataset,
      period: input.period,
      slice: input.slice,
      parquetPath: input.parquetPath ?? undefined,
      fileId: input.fileId ?? undefined,
      allowEmpty: input.allowEmpty,
      force: input.force,
      named: input.dataset !== null,
      scheduled: input.scheduled ?? false,
    });
    results.push(...loaded);
  }
  return combineResults('load-stage', results, {
    period: input.period.text,
    emptyMessage: 'There is no dataset to load.',
  });
}
