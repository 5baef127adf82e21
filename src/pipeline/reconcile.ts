import { counted, grouped } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { type Period, periodDue } from '../domain/period.ts';
import type { Target } from '../domain/target.ts';
import { currentDelivery } from '../ledger/current-delivery.ts';
import { standingLoad } from '../ledger/loads.ts';
import { type CoreCounts, coreCounts } from '../ledger/promotions.ts';
import { loggedTargets } from '../ledger/targets.ts';
import { validationById } from '../ledger/validations.ts';
import { countOf } from '../loading/replace-period.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** The counts of one dataset, period and slice from file to core, each counted at its own place. */
export interface Reconciliation extends Target {
  readonly fileId: number;
  readonly read: number | null;
  readonly accepted: number | null;
  readonly rejected: number | null;
  /** Rows among these that corrections changed on the way into stage. */
  readonly corrected: number | null;
  /** Rows that the load appended. */
  readonly loaded: number | null;
  /** Rows counted in the stage table now. */
  readonly staged: number | null;
  readonly core: CoreCounts | null;
  /** Equations that do not hold, as sentences; empty: every row is accounted for. */
  readonly broken: readonly string[];
}

/** Rows in file = accepted + rejected; accepted = loaded = stage; and what happened to them in core. */
export async function reconcile(
  session: Session,
  datasets: readonly Dataset[],
  asked: Period,
): Promise<Reconciliation[]> {
  const out: Reconciliation[] = [];
  for (const dataset of datasets) {
    const period = periodDue(dataset.periodKind, asked);
    if (period === null) continue;
    for (const target of await loggedTargets(session, dataset.name, period.text, null)) {
      const one = await reconcileTarget(session, dataset, target);
      if (one !== null) out.push(one);
    }
  }
  return out;
}

async function reconcileTarget(
  session: Session,
  dataset: Dataset,
  target: Target,
): Promise<Reconciliation | null> {
  const current = await currentDelivery(session, target);
  if (current === null) return null;
  const validation = await validationById(session, current.validationId);
  const load = await standingLoad(session, target);
  const isLoaded = load !== null && load.fileId === current.fileId;
  const staged = isLoaded ? await countOf(session, dataset, target) : null;
  const counts = {
    read: validation?.rowsRead ?? null,
    accepted: validation?.rowsAccepted ?? null,
    rejected: validation?.rowsRejected ?? null,
    corrected: isLoaded ? load.rowsCorrected : null,
    loaded: isLoaded ? load.rowsInserted : null,
    staged,
  };
  return {
    ...target,
    fileId: current.fileId,
    ...counts,
    core: isLoaded ? await coreCounts(session, load.loadId) : null,
    broken: brokenEquations(counts),
  };
}

type Counts = Pick<Reconciliation, 'read' | 'accepted' | 'rejected' | 'loaded' | 'staged'>;

function brokenEquations(counts: Counts): string[] {
  const { read, accepted, rejected, loaded, staged } = counts;
  const broken: string[] = [];
  if (read !== null && accepted !== null && rejected !== null && read !== accepted + rejected) {
    broken.push(
      `the file has ${counted(read, 'row')}, which is not ${grouped(accepted)} accepted + ${grouped(rejected)} rejected`,
    );
  }
  if (loaded !== null && accepted !== null && loaded !== accepted)
    broken.push(`${counted(accepted, 'row was', 'rows were')} accepted, ${grouped(loaded)} loaded`);
  if (loaded !== null && staged !== null && loaded !== staged)
    broken.push(`${counted(loaded, 'row was', 'rows were')} loaded, ${grouped(staged)} are in stage`);
  return broken;
}
