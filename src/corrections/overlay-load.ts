import type { Basis } from '../checks/basis.ts';
import type { Config } from '../config/config.ts';
import type { Dataset } from '../domain/dataset.ts';
import type { Target } from '../domain/target.ts';
import type { Project } from '../lake/project.ts';
import type { ScratchFolder } from '../lake/scratch-folder.ts';
import {
  correctionsFingerprint,
  type StandingCorrection,
  standingCorrections,
} from '../ledger/corrections.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { correctParquet, fetchCorrectedBasis } from './correct-parquet.ts';

/** The corrections that a load has to apply, as found by one look at the warehouse. */
export interface Overlay {
  readonly corrections: readonly StandingCorrection[];
  readonly fingerprint: string | null;
  /** What the checks of the result compare with; null where no corrected file needs to be made. */
  readonly basis: Basis | null;
}

/**
 * Looks up the valid corrections of a target. `isThere` says whether these rows are loaded already, so that nothing is
 * fetched.
 */
export async function findOverlay(
  session: Session,
  of: {
    readonly project: Project;
    readonly config: Config;
    readonly dataset: Dataset;
    readonly target: Target;
    readonly scratch: ScratchFolder;
  },
  isThere: (fingerprint: string | null) => Promise<boolean>,
): Promise<Overlay> {
  const corrections = await standingCorrections(session, of.target);
  const fingerprint = correctionsFingerprint(corrections);
  if (corrections.length === 0 || (await isThere(fingerprint)))
    return { corrections, fingerprint, basis: null };
  const basis = await fetchCorrectedBasis(session, of, of.dataset, of.target, of.scratch.path);
  return { corrections, fingerprint, basis };
}

/** The rows that a load appends, and the outcome of the corrections. */
export interface OverlaidRows {
  readonly path: string;
  readonly fingerprint: string | null;
  /** Rows that differ from the delivered ones. */
  readonly corrected: number;
  /** Numbers of the corrections that found another value than expected, or no such row. */
  readonly void: readonly number[];
}

/** The rows to append: the cleaned file itself, or a corrected copy in the scratch folder. Null: they were not made. */
export async function overlaidRows(
  overlay: Overlay,
  of: {
    readonly dataset: Dataset;
    readonly target: Target;
    readonly parquetPath: string;
    readonly scratch: ScratchFolder;
    readonly signal: AbortSignal;
  },
): Promise<OverlaidRows | null> {
  const { corrections, fingerprint, basis } = overlay;
  if (corrections.length === 0) return { path: of.parquetPath, fingerprint, corrected: 0, void: [] };
  if (basis === null) return null;
  const { dataset, target, parquetPath, signal } = of;
  const folder = of.scratch.path;
  const made = await correctParquet({ dataset, target, corrections, parquetPath, basis, folder, signal });
  return {
    path: made.path ?? parquetPath,
    fingerprint,
    corrected: made.rows,
    void: corrections.flatMap(({ correctionId }, n) =>
      made.outcomes[n]?.is === 'applied' ? [] : [correctionId],
    ),
  };
}
