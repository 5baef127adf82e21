import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Limits } from '../domain/limits.ts';
import { commitFile, writeFileAtomic } from '../lake/atomic-write.ts';
import {
  cleanedPath,
  type DeliveryName,
  displayPath,
  type Project,
  rejectedPath,
  reportFolder,
} from '../lake/project.ts';
import { renderFindingsJson } from '../reports/findings-json.ts';
import { renderReportHtml } from '../reports/report-html.ts';
import { writeWorkbooks } from '../reports/write-workbooks.ts';
import { FINDING_IDS } from './findings/finding-ids.ts';
import { placeRevision } from './place-revision.ts';
import type { ValidationOutcome } from './validate-delivery.ts';

/** Where the files of a validation came to lie, relative to the project. */
export interface KeptFiles {
  readonly cleaned: { readonly path: string; readonly sha256: string } | null;
  readonly reports: string;
  readonly outputs: readonly string[];
  /** Reports that could not be written, as sentences. */
  readonly warnings: readonly string[];
}

/** Brings the files of a validation to where they belong: cleaned rows, rejected rows, reports. */
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
  const folder = reportFolder(project, name);
  mkdirSync(folder, { recursive: true });
  const landed = join(project.root, outcome.report.file);
  const { problems } = outcome;
  const workbooks = await writeWorkbooks({ folder, landed, report: outcome.report, problems, ...options });
  const { warnings } = workbooks;
  const report = {
    ...outcome.report,
    rejectedCsv,
    notes: [...outcome.report.notes, ...warnings],
    workbooks: workbooks.paths.map((path) => basename(path)),
  };
  const ids = join(folder, FINDING_IDS);
  if (outcome.findingIds === null) rmSync(ids, { force: true });
  else commitFile(outcome.findingIds, ids);
  writeFileAtomic(join(folder, 'findings.json'), renderFindingsJson(report));
  writeFileAtomic(join(folder, 'report.html'), renderReportHtml(report));
  outputs.push(shown(join(folder, 'report.html')), shown(join(folder, 'findings.json')));
  outputs.push(...workbooks.paths.map(shown));
  return { cleaned, reports: shown(folder), outputs, warnings };
}
