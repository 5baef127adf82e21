import type { FooterCell, SentTotals } from '../checks/check-env.ts';
import type { CheckEngine } from '../checks/engine.ts';
import type { PlannedColumn } from '../checks/planned-column.ts';
import { trimmed } from '../types/trimmed.ts';
import { unescaped } from './clean-sql.ts';
import type { RawScan } from './raw-scan.ts';

/** Rows of the footer in which a total is searched for: there may be a line above it. */
const FOOTER_ROWS = 20;

/**
 * What the sender added up below the table. `footerAt`: position of the first row of the footer, or else of a table's
 * totals row; null: there is none.
 */
export function sentTotals(engine: CheckEngine, scan: RawScan, footerAt: number | null): SentTotals {
  return {
    footerCell: async (column) => (footerAt === null ? null : footerCell(engine, scan, footerAt, column)),
  };
}

async function footerCell(
  engine: CheckEngine,
  scan: RawScan,
  footerAt: number,
  { source }: PlannedColumn,
): Promise<FooterCell | null> {
  if (source === null) return null;
  const raw = `cells[${source + 1}]`;
  const cell = trimmed(scan.escaped ? unescaped(raw) : raw);
  const kind = scan.kinds ? `substr(_kinds, ${source + 1}, 1)` : 'NULL';
  // The scan keeps the order of the file, so the rows after the data rows are those of the footer.
  const rows = await engine.rows<{ r: string | null; text: string | null; kind: string | null }>(
    `SELECT ${scan.form === 'lines' ? 'NULL' : '_row'} AS r, ${cell} AS text, ${kind} AS kind
     FROM ${scan.records} LIMIT ${FOOTER_ROWS} OFFSET ${footerAt}`,
  );
  const at = rows.findIndex(({ text }) => text !== null && text !== '');
  const found = rows[at];
  if (found === undefined) return null;
  const row =
    found.r === null ? await engine.count(`SELECT ${scan.rowOf(String(footerAt + at))}`) : Number(found.r);
  return { row, text: found.text as string, plain: found.kind === 'n' || found.kind === 'w' };
}
