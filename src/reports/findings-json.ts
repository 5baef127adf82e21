import type { ValidationReport } from './validation-report.ts';

/** `findings.json`: one object, members and findings in a fixed order, the same for the same validation. */
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
    rows: {
      read: rows.read,
      accepted: rows.accepted,
      rejected: rows.rejected,
      blank: rows.blank,
      footer: report.footerRows,
    },
    counts: { error: counts.error, warning: counts.warning, info: counts.info },
    totals: report.totals.map(({ code, rule, severity, field, message, count, shown }) => ({
      code,
      rule,
      severity,
      field,
      message,
      count,
      shown,
    })),
    notes: report.notes,
    checked: report.checked,
  };
  const findings = report.findings.map((one) =>
    JSON.stringify({
      code: one.code,
      severity: one.severity,
      dataset: one.dataset,
      file: one.file,
      sheet: one.sheet,
      cell: one.cell,
      row: one.row,
      field: one.field,
      value: one.value,
      message: one.message,
      fix: one.fix,
    }),
  );
  // One finding a line: a file of thousands can still be read and compared.
  const list = findings.length === 0 ? '[]' : `[\n    ${findings.join(',\n    ')}\n  ]`;
  return `${JSON.stringify(head, null, 2).replace(/\n\}$/, '')},\n  "findings": ${list}\n}\n`;
}
