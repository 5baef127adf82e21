import { type Config, fileDatasets } from '../config/config.ts';
import type { Dataset } from '../domain/dataset.ts';
import { type Period, periodDue } from '../domain/period.ts';
import type { StepResult } from '../domain/result.ts';
import { periodsWithDeliveries } from '../ledger/ever-landed.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** The datasets due in a period for which no file ever came; `all` where none came for any of them. */
export interface AbsentDatasets {
  readonly period: string;
  readonly datasets: readonly string[];
  readonly all: boolean;
}

/**
 * After a run: by period, the datasets that were due and had no file. Lists without a period are left out. `results`
 * show the files that a dry run saw and did not log.
 */
export async function absentDatasets(
  session: Session,
  config: Config,
  periods: readonly Period[],
  only: Dataset | null,
  results: readonly StepResult[],
): Promise<AbsentDatasets[]> {
  const logged = await periodsWithDeliveries(session);
  const told = results.filter(
    ({ step, status }) => step === 'ingest' && ['done', 'refused', 'blocked'].includes(status),
  );
  const came = new Set([...logged, ...told].map(({ dataset, period }) => JSON.stringify([dataset, period])));
  const asked = only === null ? fileDatasets(config) : [only];
  return periods.map((period) => {
    const due = asked.flatMap(({ name, periodKind }) => {
      const own = periodKind === 'none' ? null : periodDue(periodKind, period);
      return own === null ? [] : [{ name, isAbsent: !came.has(JSON.stringify([name, own.text])) }];
    });
    const datasets = due.filter(({ isAbsent }) => isAbsent).map(({ name }) => name);
    return { period: period.text, datasets, all: due.length > 0 && datasets.length === due.length };
  });
}
