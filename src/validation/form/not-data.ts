import type { FindingEntry } from '../../checks/finding-entry.ts';
import { wordsOf } from '../../checks/wording.ts';
import { shownText } from '../../domain/shown-text.ts';
import type { TotalsRow } from '../../readers/reader.ts';
import { ROW_BIT, rowMask } from '../bits.ts';
import { MESSAGES } from '../messages.ts';
import type { SourceEnv } from '../source-env.ts';
import type { DataRows } from '../view-data.ts';

export const entries: readonly FindingEntry[] = [
  {
    code: 'repeated-header',
    title: 'The header is repeated among the rows',
    meaning:
      'A row that says the same as the header in every column is not data, as where a report begins a new page. It is counted separately.',
    example: "The row 'Citizen ID, Name, Income' is repeated after row 60.",
    cure: 'Nothing needs to be done.',
  },
  {
    code: 'skipped-row',
    title: 'A row was left out as the configuration says',
    meaning: 'The first filled cell matches `source.skip`: a subtotal or the like, which is not data.',
    example: "The row 'Subtotal North'.",
    cure: 'Nothing needs to be done, unless the row is data.',
  },
  {
    code: 'totals-row',
    title: 'The totals row of a table is not data',
    meaning:
      "A workbook's table (Insert, Table) says itself which of its rows is its totals row. It is left out and counted separately, like a subtotal.",
    example: "The row 'Total, 1234.50' at the end of the table 'Sales'.",
    cure: 'Nothing needs to be done.',
  },
  {
    code: 'rows-below-footer',
    title: 'Rows below the footer look like data',
    meaning:
      'Nothing is read from the first row on that matches `source.footer`. A sound row below it, with its key, may have been meant as data.',
    example:
      "A row 'Total North' in the middle of the table matches '^Total', and all rows after it are left out.",
    cure: 'Move totals below the last row, or have the footer and source.skip of the configuration made more exact.',
  },
];

/** Reports which rows were not taken for data, and warns of those that may have been meant as data. */
export async function checkNotData(
  env: SourceEnv,
  { footerAt, endAt, headers, skipped, totals }: Omit<DataRows, 'relations'>,
  totalsRows: readonly TotalsRow[],
): Promise<void> {
  const before = endAt === null ? '' : ` AND rid < ${endAt}`;
  const rows = (bits: number, none = 0) =>
    `SELECT rid FROM ${env.rows.typed} WHERE m IS NOT NULL AND ${rowMask} & ${bits} <> 0 AND ${rowMask} & ${none} = 0${before}`;
  if (headers > 0) {
    await env.faults.add(
      {
        code: 'repeated-header',
        name: 'repeated-header',
        severity: 'info',
        columns: [],
        summary: 'The header is repeated here; the row is not counted as data',
        fix: () => 'Nothing needs to be done.',
      },
      rows(ROW_BIT.header),
    );
  }
  if (skipped > 0) {
    await env.faults.add(
      {
        code: 'skipped-row',
        name: 'skipped-row',
        severity: 'info',
        columns: [],
        summary: 'The row is left out, such as a subtotal',
        fix: () => 'Nothing needs to be done, unless the row is data.',
      },
      rows(ROW_BIT.skipped, ROW_BIT.blank | ROW_BIT.header),
    );
  }
  for (const table of totals > 0 ? new Set(totalsRows.map((one) => one.table)) : []) {
    const numbers = totalsRows.filter((one) => one.table === table).map(({ row }) => row);
    await env.faults.add(
      {
        ...{ name: 'totals-row', severity: 'info', columns: [] },
        ...wordsOf(MESSAGES['totals-row'], { table: shownText(table) }),
      },
      `${rows(ROW_BIT.totals, ROW_BIT.blank | ROW_BIT.header | ROW_BIT.skipped)} AND r IN (${numbers.join(', ')})`,
    );
  }
  if (footerAt !== null) await checkBelowFooter(env, footerAt);
}

async function checkBelowFooter(env: SourceEnv, footerAt: number): Promise<void> {
  const { fields, primaryKey } = env.dataset;
  const needed = new Set([
    ...primaryKey,
    ...fields.filter((one) => one.constraints.required).map((one) => one.name),
  ]);
  const inFile = env.plan.filter(({ source }) => source !== null);
  const key = inFile.filter(({ name }) => needed.has(name)).map(({ index }) => `v${index} IS NOT NULL`);
  const filled = inFile.map(({ index }) => `(v${index} IS NOT NULL)::INTEGER`).join(' + ') || '0';
  const most = Math.max(2, Math.ceil(inFile.length * 0.6));
  const rows = `SELECT rid FROM ${env.rows.typed} WHERE rid > ${footerAt} AND (m IS NULL OR ${rowMask} = 0) AND ${[...key, `${filled} >= ${most}`].join(' AND ')}`;
  const count = await env.engine.count(`SELECT count(*) FROM (${rows})`);
  if (count === 0) return;
  await env.faults.add(
    {
      code: 'rows-below-footer',
      name: 'rows-below-footer',
      severity: 'warning',
      columns: [],
      summary: 'The row is below the footer, so it was not read, but it looks like data',
      fix: () => 'Move totals and notes below the last row of data.',
    },
    rows,
  );
}
