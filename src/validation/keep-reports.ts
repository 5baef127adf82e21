import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Limits } from '../domain/limits.ts';
import { commitFile, writeFileAtomic } from '../lake/atomic-write.ts';
import { type DeliveryName, displayPath, type Project, reportFolder } from '../lake/project.ts';
import { renderFindingsJson } from '../reports/findings-json.ts';
import { renderReportHtml } from '../reports/report-html.ts';
import { writeWorkbooks } from '../reports/write-workbooks.ts';
import { FINDING_IDS } from './findings/finding-ids.ts';
import type { ValidationOutcome } from './outcome.ts';

export interface KeptReports {
  /** Relative to the project, like the outputs. */
  readonly folder: string;
  readonly outputs: readonly string[];
  /** Reports that could not be written, as sentences. */
  readonly warnings: readonly string[];
}

export interface ReportOptions {
  readonly limits: Limits;
  readonly annotate: boolean;
  /** Where the rejected rows are, relative to the project. */
  readonly rejectedCsv: string | null;
}

/** Writes the reports of a validation into the folder of its delivery, in place of those that are there. */
export async function keepReports(
  project: Project,
  name: DeliveryName,
  outcome: ValidationOutcome,
  { rejectedCsv, ...options }: ReportOptions,
): Promise<KeptReports> {
  const shown = (path: string) => displayPath(project, path);
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
  const outputs = [join(folder, 'report.html'), join(folder, 'findings.json'), ...workbooks.paths].map(shown);
  return { folder: shown(folder), outputs, warnings };
}
