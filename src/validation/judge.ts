import type { Threshold } from '../domain/check.ts';
import { counted, grouped } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import type { Finding } from '../domain/finding.ts';
import type { Period } from '../domain/period.ts';
import type { Slice } from '../domain/slice.ts';
import type { Extract } from '../readers/reader.ts';
import type { CheckEnv, OtherPeriod, PreviousPeriod, TableFinding } from './check-env.ts';
import { checkAsRead } from './checks/as-read.ts';
import { checkCells } from './checks/cells.ts';
import { checkControl } from './checks/control-total.ts';
import { checkDiffers } from './checks/differs-from-previous.ts';
import { checkForeignKeys } from './checks/foreign-key.ts';
import { checkHierarchy } from './checks/hierarchy.ts';
import { checkInPeriod } from './checks/in-period.ts';
import { checkMixedDates } from './checks/mixed-dates.ts';
import { checkNotARecord } from './checks/not-a-record.ts';
import { checkNotData } from './checks/not-data.ts';
import { checkRequired } from './checks/required-when.ts';
import { checkExpression } from './checks/row-expression.ts';
import { checkRowLength } from './checks/row-length.ts';
import { checkRows } from './checks/rows.ts';
import { checkRuleInDoubt } from './checks/rule-in-doubt.ts';
import { checkSecondTable, sayWiderTable } from './checks/second-table.ts';
import { checkSliceValues } from './checks/slice-value.ts';
import { checkPrimaryKey, checkUniqueFields } from './checks/unique.ts';
import { checkUnique } from './checks/unique-across.ts';
import { checkUnnamedColumns } from './checks/unnamed-columns.ts';
import { checkVersusLastYear } from './checks/versus-last-year.ts';
import { checkVersusPrevious } from './checks/versus-previous.ts';
import type { ControlFile } from './control-file.ts';
import { Faults } from './faults.ts';
import { headerRows } from './header-rows.ts';
import { type Layout, type PlannedColumn, planColumns } from './layout.ts';
import type { OtherKeys } from './other-keys.ts';
import type { ReferenceKeys } from './references/fetch-references.ts';
import type { Scratch } from './scratch.ts';
import { totalsRowsOf } from './totals-rows.ts';
import { type TypedRows, typeRows } from './typed-rows.ts';
import { verifyConfig } from './verify-config.ts';
import { viewData } from './view-data.ts';
import { findWiderTable } from './wider-table.ts';
import { saidOf } from './wording.ts';

export interface JudgeInput {
  readonly dataset: Dataset;
  readonly period: Period;
  readonly slice: Slice;
  readonly layout: Layout;
  readonly extract: Extract;
  readonly references: readonly ReferenceKeys[];
  readonly previous: PreviousPeriod | null;
  /** Other data that checks compare with; left out where none does. See CheckEnv. */
  readonly lastYear?: OtherPeriod | null;
  readonly others?: OtherKeys;
  readonly control?: ControlFile | null;
  /** Findings of the gate about headers and sheets that it let pass. */
  readonly headerFindings?: readonly Finding[];
  /** See TypingOptions. */
  readonly quickFrom?: number | undefined;
}

/** The results of all checks; the rows are still in the scratch. */
export interface Judgement {
  readonly plan: readonly PlannedColumn[];
  readonly typed: TypedRows;
  readonly faults: Faults;
  readonly tableFindings: readonly TableFinding[];
  readonly rows: {
    readonly read: number;
    readonly accepted: number;
    readonly rejected: number;
    readonly blank: number;
  };
  /** Tests on `rid` and `m` that are true only for data rows; empty where all rows are data. */
  readonly dataRows: readonly string[];
  /** Rows from the first footer row on, which are not data. */
  readonly footerRows: number;
  readonly findings: { readonly error: number; readonly warning: number; readonly info: number };
  /** Why the file is refused, as sentences; empty where it passed. */
  readonly refusals: readonly string[];
}

/**
 * Types every cell, makes every check, and decides. No fault stops it early. Leaves `d`, `s`, `faults` and `rejected`
 * in the scratch for the code that writes the results.
 */
export async function judge(scratch: Scratch, input: JudgeInput): Promise<Judgement> {
  const { dataset, layout } = input;
  const plan = planColumns(dataset, layout, input.slice);
  await verifyConfig(scratch, dataset, plan);
  const ignoresMore = dataset.headers.extra === 'ignore';
  const totalsRows = totalsRowsOf(input.extract, layout);
  const typed = await typeRows(scratch, input.extract, plan, {
    format: layout.format,
    rows: {
      ...{ footer: dataset.source.footer, skip: dataset.source.skip, headers: headerRows(dataset, layout) },
      // In a text file, a cell too many may have moved the others; elsewhere each cell has its column.
      beside: ignoresMore && layout.format !== 'text',
      totals: totalsRows.map(({ row }) => row),
    },
    quickFrom: input.quickFrom,
  });
  const wider = ignoresMore && !typed.sound ? await findWiderTable(scratch, typed.scan) : null;
  const counts = await viewData(scratch, typed.sound, wider?.rid ?? null);
  const faults = new Faults(scratch);
  await faults.begin();
  // Values in columns without a header are reported below, over all rows.
  const tableFindings = (input.headerFindings ?? [])
    .filter(({ code }) => code !== 'blank-label')
    .map(asTableFinding);
  const env: CheckEnv = {
    ...input,
    scratch,
    plan,
    faults,
    tableFindings,
    read: counts.read,
    scan: typed.scan,
    footerAt: counts.footerAt ?? counts.totalsAt,
    kept: new Map(),
  };
  await checkNotData(env, counts, totalsRows);
  if (wider !== null) sayWiderTable(env, wider.row);
  await checkSliceValues(env);
  await checkUnnamedColumns(env, typed.scan);
  await checkAsRead(env, typed.extract);
  const rejected = await makeChecks(env, { read: counts.read, sound: typed.sound });
  await checkSecondTable(env, typed.extract, counts.headers);
  const accepted = counts.read - rejected;
  const blank = counts.blank + (typed.extract.form === 'canonical' ? typed.extract.blankRows : 0);
  return {
    plan,
    typed,
    faults,
    tableFindings,
    rows: { read: counts.read, accepted, rejected, blank },
    dataRows: counts.tests,
    footerRows: counts.footer,
    findings: totals(faults, tableFindings),
    refusals: refusalsOf(dataset, counts.read, rejected, tableFindings),
  };
}

/** Two findings of one kind are told apart by what they are about. */
function asTableFinding(finding: Finding): TableFinding {
  const { code, severity, field, message, fix, cell, row, value, sheet } = finding;
  return {
    code,
    name: `${code} ${value ?? sheet ?? field ?? ''}`.trim(),
    severity,
    field,
    message,
    fix,
    cell,
    row,
    value,
  };
}

/**
 * Makes every check of a dataset on the rows in view, without stopping at the first fault; returns the number of
 * rejected rows.
 */
export async function makeChecks(
  env: CheckEnv,
  rows: { readonly read: number; readonly sound: boolean },
): Promise<number> {
  await checkRowsOf(env, rows.sound);
  if (!rows.sound) await checkNotARecord(env);
  await checkRuleInDoubt(env);
  const rejected = await env.faults.reject();
  await checkTable(env, rows.read, rows.read - rejected);
  return rejected;
}

async function checkRowsOf(env: CheckEnv, sound: boolean): Promise<void> {
  if (!sound) {
    await checkRowLength(env);
    await checkCells(env);
    await checkMixedDates(env);
  }
  await checkPrimaryKey(env);
  await checkUniqueFields(env);
  await checkForeignKeys(env);
  for (const check of env.dataset.checks) {
    if (check.kind === 'in_period') await checkInPeriod(env, check);
    if (check.kind === 'expect') await checkExpression(env, check);
    if (check.kind === 'required') await checkRequired(env, check);
    if (check.kind === 'unique') await checkUnique(env, check);
    if (check.kind === 'hierarchy') await checkHierarchy(env, check);
  }
}

async function checkTable(env: CheckEnv, read: number, accepted: number): Promise<void> {
  if (read === 0) {
    env.tableFindings.push({ name: 'no-rows', severity: 'warning', field: null, ...saidOf('no-rows', {}) });
  }
  for (const check of env.dataset.checks) {
    if (check.kind === 'rows') checkRows(env, check, accepted);
    if (check.kind === 'control') await checkControl(env, check);
    if (check.kind === 'versus_last_year') await checkVersusLastYear(env, check, accepted);
    if (check.kind === 'versus_previous') await checkVersusPrevious(env, check, accepted);
    if (check.kind === 'differs_from_previous') await checkDiffers(env, check, accepted);
  }
}

function totals(faults: Faults, tableFindings: readonly TableFinding[]): Judgement['findings'] {
  const of = (severity: TableFinding['severity']) =>
    faults
      .broken()
      .filter((rule) => rule.severity === severity)
      .reduce((sum, rule) => sum + faults.count(rule), 0) +
    tableFindings.filter((finding) => finding.severity === severity).length;
  return { error: of('error'), warning: of('warning'), info: of('info') };
}

function refusalsOf(
  dataset: Dataset,
  read: number,
  rejected: number,
  tableFindings: readonly TableFinding[],
): string[] {
  const limit = dataset.accept.maxRejected;
  const out: string[] = [];
  if (read > 0 && rejected === read)
    out.push(
      read === 1 ? 'The 1 row cannot be accepted.' : `None of the ${counted(read, 'row')} can be accepted.`,
    );
  else if (rejected > allowedRejects(limit, read)) {
    const allowed = limit.value === 0 ? 'no row may be rejected' : `at most ${limit.text} may be rejected`;
    out.push(`${grouped(rejected)} of ${counted(read, 'row')} cannot be accepted; ${allowed}.`);
  }
  return [
    ...out,
    ...tableFindings.filter(({ severity }) => severity === 'error').map(({ message }) => message),
  ];
}

/** How many rows may be rejected; a share must not fail because of its last binary digit. */
export function allowedRejects(limit: Threshold, read: number): number {
  return limit.kind === 'count' ? limit.value : Math.floor(read * limit.value + 1e-9);
}
