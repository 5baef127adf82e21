import type { Dataset } from '../domain/dataset.ts';
import { parsePeriod } from '../domain/period.ts';
import { decidedBy } from '../domain/who-and-why.ts';
import { command, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { closedPeriods, newestPeriodEvent, type PeriodEvent } from '../ledger/period-events.ts';
import type { Session } from '../warehouse/warehouse.ts';

/**
 * Stops with `period-closed` where someone closed the period. To be called by everything that changes the period in
 * stage, core or a mart: after taking the locks, in the transaction of the change, because closing waits for those
 * locks.
 */
export async function refuseClosedPeriod(session: Session, dataset: string, period: string): Promise<void> {
  const event = await newestPeriodEvent(session, dataset, period);
  if (event?.action === 'close') throw periodClosed(event, dataset);
}

/**
 * For a core table with history: stops where a closed period was not promoted itself, so that it shows the state of an
 * earlier period. A promotion of `period` would change that state, up to the next promoted period.
 */
export async function refuseClosedFrom(
  session: Session,
  dataset: Dataset,
  period: string,
  nextPeriod: string | null,
): Promise<void> {
  if (dataset.core.strategy !== 'history') return;
  for (const event of await closedPeriods(session, dataset.name)) {
    if (parsePeriod(event.period)?.kind !== dataset.periodKind) continue;
    if (event.period > period && (nextPeriod === null || event.period < nextPeriod))
      throw periodClosed(event, dataset.name);
  }
}

export function periodClosed(event: PeriodEvent, dataset: string): TidemarkError {
  const { period } = event;
  const scope = event.dataset === null ? {} : { dataset: event.dataset };
  return new TidemarkError('period-closed', {
    message:
      `Period ${period} is closed${event.dataset === null ? '' : ` for ${event.dataset}`}, by ${event.decidedBy} on ` +
      `${event.decidedAt.slice(0, 10)}: ${event.reason}. Nothing was changed.`,
    hint: words`If it has to change, reopen it: ${command('period reopen', { period, ...scope, ...decidedBy() })}`,
    where: { dataset, period },
  });
}
