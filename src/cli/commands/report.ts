import { exportOfFailed } from '../../domain/failed-records.ts';
import type { Period } from '../../domain/period.ts';
import type { SliceFilter } from '../../domain/slice.ts';
import { words } from '../../errors/advice.ts';
import type { ReportAnswer, ReportInput } from '../../steps/report.ts';
import type { App } from '../app.ts';
import type { CommandSpec } from '../command.ts';
import { fileDatasetNamed, refuseStrangeSlices, usage } from '../datasets.ts';
import { nonEmpty, periodOption, sliceOption, wholeNumber } from '../options.ts';
import { renderReportSummary } from '../render-report.ts';
import { renderResult } from '../render-result.ts';

interface Options {
  readonly fileId?: number;
  readonly dataset?: string;
  readonly period?: Period;
  readonly slice?: SliceFilter;
}

export const reportCommand: CommandSpec<Options> = {
  name: 'report',
  summary: 'show where the reports of a delivery are, with a summary; missing reports are made again',
  configure: (command) =>
    command
      .option('--file-id <n>', 'the delivery; `history` lists them', wholeNumber)
      .option('--dataset <name>', 'the newest delivery of this dataset', nonEmpty)
      .option('--period <period>', 'and of this period', periodOption)
      .option('--slice <name=value>', 'and of this slice (may be repeated)', sliceOption),
  async run(app, options) {
    const input = await inputOf(app, options);
    const { report } = await import('../../steps/report.ts');
    let answer: ReportAnswer | null = null;
    const about = { step: 'report', dataset: options.dataset ?? null, period: options.period?.text ?? null };
    const result = await app.invoke(about, async ({ ctx }) => {
      answer = await report(ctx, input);
      return answer.result;
    });
    const told = answer as ReportAnswer | null;
    if (told === null) return { result };
    return { result, text: renderReportSummary(told.summary) + renderResult(result), details: told.summary };
  },
};

async function inputOf(app: App, { fileId, dataset, period, slice }: Options): Promise<ReportInput> {
  if (fileId !== undefined && dataset === undefined && period === undefined) return { fileId };
  if (fileId !== undefined || dataset === undefined || period === undefined)
    throw usage('report needs --file-id, or --dataset and --period.', '`tidemark history` lists deliveries.');
  const named = fileDatasetNamed(
    await app.config(),
    dataset,
    (name) => words`What is wrong with its records: ${exportOfFailed(name)}`,
  );
  refuseStrangeSlices([named], slice);
  return { dataset: named, period, slice: slice ?? null };
}
