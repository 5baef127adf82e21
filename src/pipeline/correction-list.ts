import { correctionText } from '../corrections/shown-correction.ts';
import { targetKey } from '../domain/target.ts';
import { type LoggedCorrection, loggedCorrections } from '../ledger/corrections.ts';
import { newestLoads } from '../ledger/loads.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** A correction and its state: `to load` until load-stage has read it, `void` where the last load did not apply it. */
export interface ListedCorrection extends LoggedCorrection {
  readonly state: 'applied' | 'void' | 'to load' | 'undone';
  readonly text: string;
}

/** Every correction, oldest first; personal texts masked. */
export async function correctionList(session: Session): Promise<ListedCorrection[]> {
  const loads = await newestLoads(session);
  const newest = new Map(loads.map((load) => [targetKey(load), load]));
  return (await loggedCorrections(session)).map((one) => {
    const load = newest.get(targetKey(one));
    const seen = load?.kind === 'load' && one.correctionId <= Number(load.afterCorrection);
    const voids = new Set(JSON.parse(load?.voids ?? '[]') as number[]);
    const loaded = voids.has(one.correctionId) ? 'void' : 'applied';
    const state = one.undoneBy !== null ? 'undone' : seen ? loaded : 'to load';
    const key = JSON.parse(one.key) as Record<string, string>;
    return { ...one, state, text: correctionText({ ...one, key }) };
  });
}
