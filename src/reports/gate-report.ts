import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Dataset } from '../domain/dataset.ts';
import type { Finding, ToldFinding } from '../domain/finding.ts';
import type { Limits } from '../domain/limits.ts';
import { writeFileAtomic } from '../lake/atomic-write.ts';
import { displayPath, type Project, reportFolder } from '../lake/project.ts';
import { placeOf } from './cell-place.ts';
import { renderFindingsJson } from './findings-json.ts';
import { type Problem, ruleKey } from './problem-list.ts';
import { renderReportHtml } from './report-html.ts';
import type { ReportedStructure, ReportedTotal, ValidationReport } from './validation-report.ts';
import { annotateBeside } from './write-workbooks.ts';

/** A delivery that the gate refused, as it was logged. */
export interface RefusedDelivery {
  readonly fileId: number;
  readonly period: string;
  readonly slice: string;
  readonly path: string;
  readonly sheet: string | null;
  readonly sha256: string | null;
  readonly headersFound: readonly string[];
  readonly headersMapped: readonly { readonly column: number; readonly field: string | null }[];
  readonly headerRow: number | null;
  readonly findings: readonly Finding[];
}

const HEADER_CODES = new Set([
  'missing-label',
  'extra-label',
  'duplicate-label',
  'blank-label',
  'incorrect-label',
]);

/**
 * Writes the gate's findings about a file to where validation would write its reports: report.html, findings.json and,
 * for a workbook, the copy with the cells coloured. Returns the paths, relative to the project.
 */
export async function writeGateReport(
  project: Project,
  dataset: Dataset,
  delivery: RefusedDelivery,
  about: { readonly version: string; readonly limits: Limits },
): Promise<readonly string[]> {
  const { fileId, period, slice } = delivery;
  const folder = reportFolder(project, { dataset: dataset.name, period, slice, fileId });
  mkdirSync(folder, { recursive: true });
  const plain = reportOf(dataset, delivery, about.version);
  const annotated = await annotateBeside({
    folder,
    landed: join(project.root, delivery.path),
    report: plain,
    problems: delivery.findings.flatMap(problemOf),
    headline: `Delivery ${fileId}. The cells are looked at once this is fixed.`,
    limits: about.limits,
  });
  const report = {
    ...plain,
    workbooks: annotated.paths.map((path) => basename(path)),
    notes: annotated.warnings,
  };
  const paths = [join(folder, 'report.html'), join(folder, 'findings.json')];
  writeFileAtomic(paths[1] as string, renderFindingsJson(report));
  writeFileAtomic(paths[0] as string, renderReportHtml(report));
  return [...paths, ...annotated.paths].map((path) => displayPath(project, path));
}

function reportOf(dataset: Dataset, delivery: RefusedDelivery, version: string): ValidationReport {
  const { findings } = delivery;
  const errors = findings.filter(({ severity }) => severity === 'error');
  const headers = errors.filter(({ code }) => HEADER_CODES.has(code));
  const count = (severity: Finding['severity']) => findings.filter((one) => one.severity === severity).length;
  const threshold = dataset.accept.maxRejected;
  return {
    version,
    dataset: dataset.name,
    title: dataset.title,
    owner: dataset.owner,
    period: delivery.period,
    slice: delivery.slice,
    fileId: delivery.fileId,
    file: delivery.path,
    sheet: delivery.sheet,
    sha256: delivery.sha256 ?? '',
    verdict: 'refused',
    refusals: [
      ...(headers.length > 0 ? ['The headers do not fit, so no cell was looked at yet.'] : []),
      ...errors.filter((one) => !headers.includes(one)).map(({ message }) => message),
    ],
    threshold: threshold.value === 0 ? 'none' : threshold.text,
    rows: { read: 0, accepted: 0, rejected: 0, blank: 0 },
    footerRows: 0,
    counts: { error: errors.length, warning: count('warning'), info: count('info') },
    totals: findings.map(totalOf),
    findings: findings.map(told),
    sinceLast: null,
    notes: [],
    checked: [],
    profile: [],
    lastPeriod: null,
    rejectedCsv: null,
    structure: { columns: headers.length === 0 ? [] : columnsOf(dataset, delivery) },
  };
}

function totalOf({ code, severity, field, message, fix, value, cell }: Finding): ReportedTotal {
  const cells = cell === null ? [] : [cell];
  const group = { value, message, fix, suggestions: [], lastValue: null, count: 1, cells, hidden: false };
  return { code, rule: code, severity, field, message, count: 1, shown: 1, groups: [group] };
}

function told(finding: Finding): ToldFinding {
  const about = ruleKey({ code: finding.code, rule: finding.value ?? '', field: finding.field });
  return {
    ...finding,
    id: createHash('md5').update(about).digest('hex').slice(0, 16),
    rule: finding.code,
    cells: finding.cell === null ? [] : [finding.cell],
    key: null,
    raw: finding.value,
    expected: null,
    suggestions: [],
    lastValue: null,
    since: null,
    hiddenBy: null,
  };
}

/** Each column that the dataset expects, and the header that was taken for it. */
function columnsOf(dataset: Dataset, delivery: RefusedDelivery): ReportedStructure['columns'] {
  const { headersFound, headersMapped, headerRow } = delivery;
  return dataset.fields.map(({ name, title }) => {
    const at = headersMapped.find(({ field }) => field === name);
    const label = title ?? name;
    if (at === undefined) return { label, found: null, cell: null };
    const cell = placeOf(delivery.path, at.column, headerRow ?? 1);
    return { label, found: headersFound[at.column] ?? '', cell };
  });
}

function problemOf({ severity, cell, row, field, value, message, fix }: Finding): Problem[] {
  if (severity === 'info') return [];
  const letters = /^([A-Z]{1,3})\d+$/.exec(cell ?? '')?.[1];
  const column =
    letters === undefined ? null : [...letters].reduce((sum, c) => sum * 26 + c.charCodeAt(0) - 64, 0) - 1;
  return [
    {
      severity,
      cell: column === null ? null : cell,
      column,
      row,
      field,
      label: null,
      value,
      message,
      fix,
      suggestion: null,
    },
  ];
}
