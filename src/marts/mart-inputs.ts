import type { Dataset } from '../domain/dataset.ts';
import { type Period, parsePeriod, periodContaining } from '../domain/period.ts';
import type { TablePromotion } from '../ledger/publishes.ts';
import type { Mart } from './mart.ts';

/** A dataset whose core table a mart reads, and its promotions. */
interface Input {
  readonly dataset: Dataset;
  readonly promotions: readonly TablePromotion[];
}

function inputsOf(
  mart: Mart,
  datasets: ReadonlyMap<string, Dataset>,
  promotions: readonly TablePromotion[],
): Input[] {
  return [...datasets.values()]
    .filter((dataset) => mart.reads.includes(dataset.core.table))
    .map((dataset) => ({
      dataset,
      promotions: promotions.filter((each) => each.dataset === dataset.name),
    }));
}

/**
 * Datasets of which nothing is promoted yet for a period of a mart. Lists without a period, and datasets of a longer
 * period than the mart's, need any promotion; the others need one of the mart's period, or within it.
 */
export function missingInputs(
  mart: Mart,
  period: Period,
  datasets: ReadonlyMap<string, Dataset>,
  promotions: readonly TablePromotion[],
): string[] {
  const ready = ({ dataset, promotions: own }: Input) => {
    if (dataset.periodKind === 'none') return own.length > 0;
    if (dataset.periodKind === period.kind) return own.some((each) => each.period === period.text);
    if (periodContaining(dataset.periodKind, period) !== null) return own.length > 0;
    return own.some((each) => within(each.period, period));
  };
  return inputsOf(mart, datasets, promotions)
    .filter((input) => !ready(input))
    .map((input) => input.dataset.name);
}

function within(inner: string, outer: Period): boolean {
  const parsed = parsePeriod(inner);
  return parsed !== null && periodContaining(outer.kind, parsed)?.text === outer.text;
}

/**
 * Registers of which a later period than the mart's was promoted. Such a core table no longer shows the mart's period,
 * so a period mart made from it would be wrong (guard `older_period`).
 */
export function newerRegisters(
  mart: Mart,
  period: Period,
  datasets: ReadonlyMap<string, Dataset>,
  promotions: readonly TablePromotion[],
): { readonly dataset: string; readonly newest: string }[] {
  if (mart.mode !== 'period') return [];
  return inputsOf(mart, datasets, promotions).flatMap(({ dataset, promotions: own }) => {
    if (dataset.core.strategy !== 'upsert' || dataset.core.covers !== 'all') return [];
    const newest = own
      .filter((each) => each.stands)
      .map((each) => each.period)
      .sort()
      .at(-1);
    return newest !== undefined && isAfter(newest, period) ? [{ dataset: dataset.name, newest }] : [];
  });
}

/** Whether a period begins after another has ended; periods of different kinds are compared in the longer one's kind. */
function isAfter(text: string, period: Period): boolean {
  const other = parsePeriod(text);
  if (other === null) return false;
  const widened = periodContaining(period.kind, other);
  if (widened !== null) return widened.text > period.text;
  const own = periodContaining(other.kind, period);
  return own !== null && other.text > own.text;
}

/** The newest promotion into each core table of a mart that can have changed its rows of a period. */
export function relevantPromotions(
  mart: Mart,
  period: Period,
  datasets: ReadonlyMap<string, Dataset>,
  promotions: readonly TablePromotion[],
): Record<string, number> {
  const newest: Record<string, number> = Object.fromEntries(mart.reads.map((table) => [table, 0]));
  for (const { dataset, promotions: own } of inputsOf(mart, datasets, promotions)) {
    for (const each of own) {
      if (mart.mode === 'period' && !concerns(dataset, each.period, period)) continue;
      newest[each.table] = Math.max(newest[each.table] ?? 0, each.promotionId);
    }
  }
  return newest;
}

function concerns(dataset: Dataset, promoted: string, period: Period): boolean {
  const other = parsePeriod(promoted);
  if (other === null) return true;
  if (dataset.core.strategy !== 'replace_period') return !isAfter(promoted, period);
  return within(promoted, period) || periodContaining(other.kind, period)?.text === promoted;
}
