import type { Limits } from '../domain/limits.ts';
import { commitFile } from '../lake/atomic-write.ts';
import { cleanedPath, type DeliveryName, displayPath, type Project, rejectedPath } from '../lake/project.ts';
import { keepReports } from './keep-reports.ts';
import type { ValidationOutcome } from './outcome.ts';
import { placeRevision } from './place-revision.ts';

/** Where the files of a validation are, relative to the project. */
export interface KeptFiles {
  readonly cleaned: { readonly path: string; readonly sha256: string } | null;
  readonly reports: string;
  readonly outputs: readonly string[];
  /** Reports that could not be written, as sentences. */
  readonly warnings: readonly string[];
}

/** Moves the files of a validation to their places: cleaned rows, rejected rows, reports. */
export async function keepValidation(
  project: Project,
  name: DeliveryName,
  outcome: ValidationOutcome,
  options: { readonly limits: Limits; readonly annotate: boolean },
): Promise<KeptFiles> {
  const outputs: string[] = [];
  const shown = (path: string) => displayPath(project, path);
  let cleaned: KeptFiles['cleaned'] = null;
  if (outcome.cleaned !== null) {
    const placed = await placeRevision(outcome.cleaned, (revision) => cleanedPath(project, name, revision));
    cleaned = { path: shown(placed.path), sha256: placed.sha256 };
    outputs.push(cleaned.path);
  }
  let rejectedCsv: string | null = null;
  if (outcome.rejected !== null) {
    const parquet = await placeRevision(outcome.rejected.parquet, (revision) =>
      rejectedPath(project, name, 'parquet', revision),
    );
    const csv = rejectedPath(project, name, 'csv', parquet.revision);
    commitFile(outcome.rejected.csv, csv);
    rejectedCsv = shown(csv);
    outputs.push(shown(parquet.path), rejectedCsv);
  }
  const reports = await keepReports(project, name, outcome, { ...options, rejectedCsv });
  outputs.push(...reports.outputs);
  return { cleaned, reports: reports.folder, outputs, warnings: reports.warnings };
}
