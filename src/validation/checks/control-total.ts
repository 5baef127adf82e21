import { allowedOf, type CheckOf, type ControlTotal, type Threshold } from '../../domain/check.ts';
import { counted } from '../../domain/count.ts';
import type { Field } from '../../domain/dataset.ts';
import { measureText, measureWords } from '../../domain/measure.ts';
import { literal } from '../../sql/sql.ts';
import { number } from '../../types/number/number.ts';
import { type CheckEnv, columnNamed, soundCells } from '../check-env.ts';
import type { WrittenTotal } from '../control-file.ts';
import { labelOf, plainField } from '../layout.ts';
import { measureSql } from '../measure-sql.ts';
import { saidOf } from '../wording.ts';
import type { CatalogueEntry } from './entry.ts';
import { footerCell } from './footer-cell.ts';
import { failed, notAsked } from './table-check.ts';

export const entries: readonly CatalogueEntry[] = [
  {
    code: 'control-total',
    title: 'A total does not agree with the rows',
    meaning:
      'The sender wrote down how many rows there are or what they add up to: in the totals row below the table, or in a control file beside the delivery. All rows of the file count, also rejected ones; where a value of the column cannot be read the check is not made. The control file has the name of the delivery with the ending `.control.csv` or `.control.json`, and holds lines such as `rows,120` and `sum(amount),1234.50`, or one JSON object of the same.',
    example: 'The row Total says 1,234.50, and the amounts add up to 1,134.50.',
    cure: 'Look for rows that are missing, duplicate or changed after the total was made, and export again.',
    config: '{name: as_sent, control: {rows: file, sum(income): footer}, tolerance: 0.01}',
  },
];

/** Compares each total of the sender with all rows of the file that can be read. */
export async function checkControl(env: CheckEnv, check: CheckOf<'control'>): Promise<void> {
  if (env.scan === null) {
    notAsked(env, check, 'the sender added up the rows as delivered, and these are corrected');
    return;
  }
  for (const total of check.totals) {
    const column = total.measure === 'rows' ? null : columnNamed(env, total.measure.field);
    const words = measureWords(total.measure, column === null ? '' : labelOf(column.field));
    const fault = (said: ReturnType<typeof saidOf>) => failed(env, check, said, column?.name ?? null);
    const unread = await unreadRows(env, column === null ? [] : [column]);
    if (unread > 0) {
      const rows = counted(unread, 'row');
      notAsked(env, check, `${words} cannot be told, as ${rows} cannot be read`);
      continue;
    }
    const written = await writtenTotal(env, total, words);
    if ('message' in written) {
      fault(written);
      continue;
    }
    const { place } = written;
    const wanted = await asNumber(env, written, column?.field ?? null);
    if (wanted === null) {
      fault(saidOf('control-total.no-number', { measure: words, place }));
      continue;
    }
    const found = await held(env, total, wanted, check.tolerance);
    if (found === null) continue;
    const about = { measure: words, place };
    fault(
      column?.field.pii
        ? saidOf('control-total.masked', about)
        : saidOf('control-total', { ...about, found, wanted }),
    );
  }
}

/** Rows whose value in the column is not known, because the cell or the row as a whole could not be read. */
async function unreadRows(env: CheckEnv, columns: Parameters<typeof soundCells>[1]): Promise<number> {
  if (columns.length === 0) return 0;
  return env.read - (await env.scratch.count(`SELECT count(*) FROM s WHERE ${soundCells(env, columns)}`));
}

type Written = (WrittenTotal & { readonly place: string }) | ReturnType<typeof saidOf>;

async function writtenTotal(env: CheckEnv, { measure, from }: ControlTotal, words: string): Promise<Written> {
  if (from.kind === 'number') return { text: from.value, plain: true, place: 'the agreed total' };
  if (from.kind === 'footer') {
    const column = columnNamed(env, from.field);
    const cell = await footerCell(env, column);
    return cell === null
      ? saidOf('control-total.no-footer', { measure: words, column: labelOf(column.field) })
      : {
          text: cell.text,
          plain: cell.kind === 'n' || cell.kind === 'w',
          place: `the totals row (row ${cell.row})`,
        };
  }
  const { control } = env;
  const place = control ? `the control file '${control.name}'` : 'the control file';
  const missing = (why: string) => saidOf('control-total.no-file', { measure: words, place, why });
  if (!control || control.state === 'missing') return missing('is not there');
  if (control.state === 'unreadable') return missing(`cannot be read: ${control.why}`);
  const total = control.totals.get(measureText(measure));
  return total === undefined ? missing('does not say it') : { ...total, place };
}

/** Most digits before and after the point of a total. */
const EXACT = { precision: 38, scale: 10 } as const;

/** The total as decimal text, read as the column writes its numbers; null where it is not a number. */
async function asNumber(env: CheckEnv, total: WrittenTotal, field: Field | null): Promise<string | null> {
  const plain: Field = { ...plainField(field?.name ?? 'rows'), ...EXACT, type: 'number' };
  const readers = total.plain || field === null ? [plain] : [{ ...field, ...EXACT, type: 'number' }, plain];
  for (const reader of readers) {
    const { parse } = number.sql(reader, { raw: 'k', cast: 'NULL', text: 'k', kind: null });
    const { value } = await env.scratch.row<{ value: string | null }>(
      `SELECT (${parse})::VARCHAR AS value FROM (SELECT trim(${literal(total.text)}) AS k)`,
    );
    if (value !== null) return value.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  }
  return null;
}

/** Sums of binary numbers differ in the last digits: a difference up to this part of the total does not count. */
const BINARY = 1e-9;

/** The sum of the rows, as text; null where it is equal to the total, or near enough. */
async function held(
  env: CheckEnv,
  { measure }: ControlTotal,
  wanted: string,
  tolerance: Threshold | null,
): Promise<string | null> {
  const column = measure === 'rows' ? null : columnNamed(env, measure.field);
  const value = measure === 'rows' ? 'count(*)' : measureSql(measure.of, `v${column?.index}`);
  const allowed = tolerance === null ? 0 : allowedOf(tolerance, Number(wanted));
  const { exact, off, shown } = await env.scratch.row<{
    exact: string | null;
    off: number | string;
    shown: string | null;
  }>(
    `SELECT abs(TRY_CAST(x AS DECIMAL(38,10)) - ${wanted}::DECIMAL(38,10))::VARCHAR AS exact,
       abs(x::DOUBLE - ${wanted}::DOUBLE) AS off, x::VARCHAR AS shown
     FROM (SELECT ${value} AS x FROM ${measure === 'rows' ? 'd' : 's'})`,
  );
  const binary = column?.sqlType === 'DOUBLE' || (measure !== 'rows' && measure.of === 'avg');
  const slack = binary ? Math.abs(Number(wanted)) * BINARY : 0;
  const difference = exact === null || binary ? Number(off) : Number(exact);
  if (shown !== null && difference <= allowed + slack) return null;
  return shown === null ? 'not there' : shown.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}
