import { cellRanges } from '../domain/cell-ranges.ts';
import type { ToldFinding } from '../domain/finding.ts';
import type { ValidationReport } from './validation-report.ts';

/** Ranges of cells per total. */
const TOTAL_CELLS = 50;
/** Limit on columns whose profile is kept for comparison with the next period. */
const PROFILED = 500;

/** `findings.json`: one object with members and findings in a fixed order, the same for the same validation. */
export function renderFindingsJson(report: ValidationReport): string {
  const { rows, counts } = report;
  const head = {
    schema: 'tidemark.findings.v1',
    tidemark_version: report.version,
    dataset: report.dataset,
    period: report.period,
    slice: report.slice,
    file_id: report.fileId,
    file: report.file,
    sheet: report.sheet,
    sha256: report.sha256,
    verdict: report.verdict,
    reasons: report.refusals,
    // The rows of a file that the gate refused were not checked.
    rows:
      report.structure !== undefined
        ? null
        : {
            read: rows.read,
            accepted: rows.accepted,
            rejected: rows.rejected,
            blank: rows.blank,
            footer: report.footerRows,
          },
    counts: { error: counts.error, warning: counts.warning, info: counts.info },
    since_last: sinceLast(report),
    totals: report.totals.map(({ code, rule, severity, field, message, count, shown, groups }) => ({
      ...{ code, rule, severity, field, message, count, shown },
      cells: cellRanges(groups.flatMap(({ cells }) => cells)).slice(0, TOTAL_CELLS),
    })),
    notes: report.notes,
    checked: report.checked,
    profile: report.profile.slice(0, PROFILED).map(({ last: _, ...column }) => column),
  };
  const findings = lines(report.findings);
  const fixed = lines(report.sinceLast?.fixedFindings ?? []);
  return `${JSON.stringify(head, null, 2).replace(/\n\}$/, '')},\n  "findings": ${findings},\n  "fixed": ${fixed}\n}\n`;
}

/** One finding per line: even a file with thousands of findings can be read and compared. */
function lines(findings: readonly ToldFinding[]): string {
  const each = findings.map((one) => JSON.stringify(written(one)));
  return each.length === 0 ? '[]' : `[\n    ${each.join(',\n    ')}\n  ]`;
}

function written(one: ToldFinding): Record<string, unknown> {
  return {
    id: one.id,
    code: one.code,
    rule: one.rule,
    severity: one.severity,
    dataset: one.dataset,
    file: one.file,
    sheet: one.sheet,
    cell: one.cell,
    cells: one.cells,
    row: one.row,
    key: one.key === null ? null : Object.fromEntries(one.key),
    field: one.field,
    value: one.value,
    raw: one.raw,
    expected: one.expected,
    message: one.message,
    fix: one.fix,
    suggestions: one.suggestions,
    last_value: one.lastValue,
    since: one.since,
    hidden_by: one.hiddenBy,
  };
}

function sinceLast({ sinceLast: since }: ValidationReport): Record<string, unknown> | null {
  if (since === null) return null;
  return {
    file_id: since.fileId,
    fixed: since.fixed,
    still_open: since.stillOpen,
    new: since.new,
    rules: since.rules.map(({ stillOpen, ...rule }) => ({ ...rule, still_open: stillOpen })),
  };
}
