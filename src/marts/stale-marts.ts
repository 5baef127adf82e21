import type { Dataset } from '../domain/dataset.ts';
import { parsePeriod } from '../domain/period.ts';
import { newestPublishes, tablePromotions } from '../ledger/publishes.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { Mart } from './mart.ts';
import { relevantPromotions } from './mart-inputs.ts';

export interface StaleMart {
  readonly mart: string;
  readonly period: string;
  /** Core tables that changed after the mart was made from them. */
  readonly tables: readonly string[];
}

/** Published marts that are older than the core they read. For a `full` mart only its newest publish counts. */
export async function staleMarts(
  session: Session,
  marts: readonly Mart[],
  datasets: ReadonlyMap<string, Dataset>,
): Promise<StaleMart[]> {
  const promotions = await tablePromotions(session, true);
  const byName = new Map(marts.map((mart) => [mart.name, mart]));
  const publishes = await newestPublishes(session);
  return publishes.flatMap((publish) => {
    const mart = byName.get(publish.mart);
    const period = parsePeriod(publish.period);
    if (mart === undefined || period === null) return [];
    if (mart.mode === 'full') {
      const newer = publishes.some(
        (other) => other.mart === mart.name && other.publishId > publish.publishId,
      );
      if (newer) return [];
    }
    const made = JSON.parse(publish.reads) as Record<string, number>;
    const now = relevantPromotions(mart, period, datasets, promotions);
    const tables = Object.keys(now).filter((table) => (now[table] ?? 0) > (made[table] ?? 0));
    return tables.length === 0 ? [] : [{ mart: mart.name, period: publish.period, tables }];
  });
}
