import type { StepResult } from '../domain/result.ts';
import { type Project, reportFolder } from '../lake/project.ts';
import { type ReportSummary, readSummary } from '../steps/report.ts';

/** Summaries of the reports of the refused deliveries of a call, by delivery; those without a report are left out. */
export function refusedReports(
  project: Project,
  results: readonly StepResult[],
): ReadonlyMap<number, ReportSummary> {
  const found = new Map<number, ReportSummary>();
  for (const { status, dataset, period, slice, fileId } of results) {
    if (status !== 'refused' || dataset === null || period === null || fileId === null) continue;
    const summary = readSummary(reportFolder(project, { dataset, period, slice: slice ?? '', fileId }));
    if (summary !== null) found.set(fileId, summary);
  }
  return found;
}
