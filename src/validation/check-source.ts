import type { Basis } from '../checks/basis.ts';
import type { TableFinding } from '../checks/check-env.ts';
import { Faults } from '../checks/faults.ts';
import { type Dataset, fileSource } from '../domain/dataset.ts';
import type { Finding } from '../domain/finding.ts';
import type { Slice } from '../domain/slice.ts';
import type { Extract } from '../readers/reader.ts';
import { type CheckedSource, findingTotals } from './checked-rows.ts';
import { everyFault } from './every-fault.ts';
import { checkAsRead } from './form/as-read.ts';
import { checkCells } from './form/cells.ts';
import { checkMixedDates } from './form/mixed-dates.ts';
import { checkNotARecord } from './form/not-a-record.ts';
import { checkNotData } from './form/not-data.ts';
import { checkRowLength } from './form/row-length.ts';
import { checkRuleInDoubt } from './form/rule-in-doubt.ts';
import { checkSecondTable, sayWiderTable } from './form/second-table.ts';
import { checkSliceValues } from './form/slice-value.ts';
import { checkUnnamedColumns } from './form/unnamed-columns.ts';
import { headerRows } from './header-rows.ts';
import { type Layout, planColumns } from './layout.ts';
import { checkEachRow, checkWholeFile } from './make-checks.ts';
import { rawTexts } from './raw-rows.ts';
import { refusalsOf } from './refusals.ts';
import { originOf } from './row-origin.ts';
import { rowReadable } from './row-readable.ts';
import type { Scratch } from './scratch.ts';
import { sentTotals } from './sent-totals.ts';
import type { SourceEnv } from './source-env.ts';
import { totalsRowsOf } from './totals-rows.ts';
import { typeRows } from './typed-rows.ts';
import { verifyConfig } from './verify-config.ts';
import { viewData } from './view-data.ts';
import { findWiderTable } from './wider-table.ts';

/** Rows as a reader extracted them, and where their columns are. */
export interface RawRows {
  readonly door: 'raw';
  readonly slice: Slice;
  readonly layout: Layout;
  readonly extract: Extract;
  /** Findings of the gate about headers and sheets that it let pass. */
  readonly headerFindings?: readonly Finding[];
  /** See TypingOptions. */
  readonly quickFrom?: number | undefined;
}

/** Types every cell, makes every check, and decides. No fault stops it early. */
export async function checkSource(
  engine: Scratch,
  dataset: Dataset,
  input: RawRows,
  basis: Basis,
): Promise<CheckedSource> {
  const { layout } = input;
  const plan = planColumns(dataset, layout, input.slice);
  await verifyConfig(engine, dataset, plan);
  const ignoresMore = dataset.headers.extra === 'ignore';
  const totalsRows = totalsRowsOf(input.extract, layout);
  const typed = await typeRows(engine, input.extract, plan, {
    format: layout.format,
    rows: {
      ...{
        footer: fileSource(dataset).footer,
        skip: fileSource(dataset).skip,
        headers: headerRows(dataset, layout),
      },
      // In a text file, a cell too many may have moved the others; elsewhere each cell has its column.
      beside: ignoresMore && layout.format !== 'text',
      totals: totalsRows.map(({ row }) => row),
    },
    quickFrom: input.quickFrom,
  });
  const wider = ignoresMore && !typed.sound ? await findWiderTable(engine, typed) : null;
  const { relations, ...counts } = await viewData(engine, typed, wider?.rid ?? null);
  const faults = new Faults(engine);
  await faults.begin();
  const kept = new Map<number, number>();
  const env: SourceEnv = {
    ...{ engine, dataset, basis, plan, faults, layout, kept },
    read: counts.read,
    keysRepeat: false,
    rows: relations,
    scan: typed.scan,
    // Values in columns without a header are reported below, over all rows.
    tableFindings: (input.headerFindings ?? [])
      .filter(({ code }) => code !== 'blank-label')
      .map(asTableFinding),
    sent: sentTotals(engine, typed.scan, counts.footerAt ?? counts.totalsAt),
    readable: (columns) => rowReadable(kept, columns),
  };
  await checkNotData(env, counts, totalsRows);
  if (wider !== null) sayWiderTable(env, wider.row);
  await checkSliceValues(env);
  await checkUnnamedColumns(env);
  await checkAsRead(env, typed.extract);
  if (!typed.sound) {
    await checkRowLength(env);
    await checkCells(env);
    await checkMixedDates(env);
  }
  await checkEachRow(env);
  if (!typed.sound) await checkNotARecord(env);
  await checkRuleInDoubt(env);
  const rejected = await faults.reject();
  const accepted = counts.read - rejected;
  await checkWholeFile(env, accepted);
  await checkSecondTable(env, typed.extract, counts.headers);
  const blank = counts.blank + (typed.extract.form === 'canonical' ? typed.extract.blankRows : 0);
  const rows = { read: counts.read, accepted, rejected, blank };
  const { tableFindings } = env;
  return {
    ...{ plan, relations, typed, faults, tableFindings, rows },
    origin: originOf(layout),
    dataRows: counts.tests,
    footerRows: counts.footer,
    findings: findingTotals(faults, tableFindings),
    everyFault: () =>
      everyFault(faults, relations.typed, {
        // Numbering rows keeps the scan in file order.
        relation: `(SELECT row_number() OVER () - 1 AS rid, ${rawTexts(typed.scan)} AS cells FROM ${typed.scan.records})`,
        place: ({ source }) => source,
      }),
    refusals: refusalsOf(dataset, rows, tableFindings),
  };
}

/** Two findings of one kind are told apart by what they are about. */
function asTableFinding(finding: Finding): TableFinding {
  const { code, severity, field, message, fix, cell, row, value, sheet } = finding;
  return {
    code,
    name: `${code} ${value ?? sheet ?? field ?? ''}`.trim(),
    ...{ severity, field, message, fix, cell, row, value },
  };
}
