import { type Hold, heldSince } from '../ledger/holds.ts';
import type { Load } from '../ledger/promotions.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { refuseClosedPeriod } from './closed-periods.ts';
import type { CoreShape } from './core-shape.ts';
import type { Diff } from './diff.ts';
import { type AcceptedGuard, passGuards, type TrippedGuard, trippedGuards } from './guards.ts';

/** What a promotion is about to do, all read after its locks and in its transaction. */
export interface GateInput {
  readonly session: Session;
  readonly shape: CoreShape;
  readonly load: Load;
  readonly diff: Diff;
}

/** Looks at a promotion and answers the guards it trips; what no one can accept it refuses by throwing. */
export type Gate = (input: GateInput) => Promise<readonly TrippedGuard[]>;

/** Everything that may stop a promotion, in this order. */
const GATES: readonly Gate[] = [
  async ({ session, load }) => {
    await refuseClosedPeriod(session, load.dataset, load.period);
    return [];
  },
  async ({ session, load }) => {
    const hold = await heldSince(session, load);
    return hold === null ? [] : [rolledBackGuard(hold)];
  },
  async ({ shape, diff }) => trippedGuards(shape.dataset, diff.counts),
];

function rolledBackGuard(hold: Hold): TrippedGuard {
  const who = hold.decidedBy === null ? '' : `, by ${hold.decidedBy}`;
  const why = hold.reason === null ? '' : `: ${hold.reason}`;
  return {
    name: 'rolled_back',
    figures:
      `these very rows were promoted (${hold.promotionId}) and taken back on ${hold.at.slice(0, 10)} ` +
      `(${hold.by}${who}${why})`,
  };
}

/** Takes a promotion through every gate; answers the guards that had to be accepted. */
export async function passGates(
  input: GateInput,
  accepted: readonly AcceptedGuard[],
): Promise<(AcceptedGuard & TrippedGuard)[]> {
  const tripped: TrippedGuard[] = [];
  for (const gate of GATES) tripped.push(...(await gate(input)));
  return passGuards(tripped, accepted, input.load);
}
