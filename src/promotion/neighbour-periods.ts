import { sliceOptions } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import { command, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { sameContent } from '../ledger/content.ts';
import { type Load, standingLoad } from '../ledger/loads.ts';
import { type Promoted, promotedPeriods } from '../ledger/promotions.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** A promoted period and the load that is in stage with the promoted rows; null where stage has other rows now. */
export interface NeighbourPeriod {
  readonly period: string;
  readonly promoted: Promoted;
  readonly standing: Load | null;
}

/** The promotions of a dataset and slice, as seen from one period: before it, of it, after it. */
export interface NeighbourPeriods {
  readonly earlier: readonly NeighbourPeriod[];
  readonly own: Promoted | null;
  readonly later: readonly NeighbourPeriod[];
}

export async function neighbourPeriods(session: Session, target: Target): Promise<NeighbourPeriods> {
  const all: NeighbourPeriod[] = [];
  for (const promoted of await promotedPeriods(session, target.dataset, target.slice)) {
    const load = await standingLoad(session, promoted);
    all.push({
      period: promoted.period,
      promoted,
      standing: load && sameContent(load, promoted) ? load : null,
    });
  }
  return {
    earlier: all.filter((each) => each.period < target.period),
    own: all.find((each) => each.period === target.period)?.promoted ?? null,
    later: all.filter((each) => each.period > target.period),
  };
}

/** Later periods whose promoted rows are still in stage; `older-load-gone` where one of them is not. */
export function laterLoads(neighbours: NeighbourPeriods, target: Target): Load[] {
  const gone = neighbours.later.filter((each) => each.standing === null);
  const first = gone[0];
  if (first !== undefined) {
    const of = { period: first.period, dataset: target.dataset };
    const periods = gone.map((each) => each.period).join(', ');
    throw new TidemarkError('older-load-gone', {
      message:
        `Which rows of ${target.period} later periods have replaced cannot be told: what was promoted for ${periods} ` +
        'is no longer in stage.',
      hint: words`Promote it again: ${command('transform', { ...of, ...sliceOptions(target.slice) })}; or bring it back: ${command('load-stage', { ...of, fileId: first.promoted.fileId })}.`,
      where: { dataset: target.dataset, period: target.period },
    });
  }
  return neighbours.later.flatMap((each) => (each.standing === null ? [] : [each.standing]));
}
