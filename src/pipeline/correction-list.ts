import { correctionText } from '../corrections/shown-correction.ts';
import { type LoggedCorrection, loggedCorrections } from '../ledger/corrections.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** A correction and its state: `to load` until load-stage has read it, `void` where the last load did not apply it. */
export interface ListedCorrection extends LoggedCorrection {
  readonly state: 'applied' | 'void' | 'to load' | 'undone';
  readonly text: string;
}

/** Every correction, oldest first; personal texts masked. */
export async function correctionList(session: Session): Promise<ListedCorrection[]> {
  const loads = await session.query<{
    name: string;
    afterCorrection: number;
    isLoad: boolean;
    voids: string | null;
  }>(
    sql`SELECT l.dataset || ' ' || l.period || ' ' || l.slice AS name, l.after_correction AS "afterCorrection", l.kind = 'load' AS "isLoad",
          l.void_corrections AS voids
        FROM meta.load_log l WHERE l.load_id IN (
          SELECT max(load_id) FROM meta.load_log GROUP BY dataset, period, slice)`,
  );
  const newest = new Map(loads.map((load) => [load.name, load]));
  return (await loggedCorrections(session)).map((one) => {
    const load = newest.get(`${one.dataset} ${one.period} ${one.slice}`);
    const seen = load?.isLoad === true && one.correctionId <= Number(load.afterCorrection);
    const voids = new Set(JSON.parse(load?.voids ?? '[]') as number[]);
    const loaded = voids.has(one.correctionId) ? 'void' : 'applied';
    const state = one.undoneBy !== null ? 'undone' : seen ? loaded : 'to load';
    const key = JSON.parse(one.key) as Record<string, string>;
    return { ...one, state, text: correctionText({ ...one, key }) };
  });
}
