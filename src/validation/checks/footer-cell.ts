import { trimmed } from '../../types/trimmed.ts';
import type { CheckEnv } from '../check-env.ts';
import { unescaped } from '../clean-sql.ts';
import type { PlannedColumn } from '../layout.ts';

/** Rows of the footer in which a total is searched for: there may be a line above it. */
const FOOTER_ROWS = 20;

export interface FooterCell {
  /** As the analyst sees it. */
  readonly row: number;
  readonly text: string;
  /** CellKind; null where the file has no kinds. */
  readonly kind: string | null;
}

/** The first filled cell below the table in a column; null where there is none. */
export async function footerCell(env: CheckEnv, column: PlannedColumn): Promise<FooterCell | null> {
  const { scan, footerAt, layout } = env;
  const { source } = column;
  if (scan === null || footerAt === null || source === null) return null;
  const raw = `cells[${source + 1}]`;
  const cell = trimmed(scan.escaped ? unescaped(raw) : raw);
  const kind = scan.kinds ? `substr(_kinds, ${source + 1}, 1)` : 'NULL';
  // The scan keeps the order of the file, so the rows after the data rows are those of the footer.
  const rows = await env.scratch.rows<{
    n: number;
    r: string | null;
    text: string | null;
    kind: string | null;
  }>(
    `SELECT ${scan.form === 'lines' ? 'NULL' : '_row'} AS r, ${cell} AS text, ${kind} AS kind
     FROM ${scan.records} LIMIT ${FOOTER_ROWS} OFFSET ${footerAt}`,
  );
  const at = rows.findIndex(({ text }) => text !== null && text !== '');
  const found = rows[at];
  if (found === undefined) return null;
  const row =
    found.r === null
      ? await env.scratch.count(`SELECT ${scan.rowOf(String(footerAt + at))}`)
      : Number(found.r);
  return { row, text: found.text as string, kind: layout.format === 'xlsx' ? found.kind : null };
}
