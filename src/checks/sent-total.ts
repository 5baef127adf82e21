import type { Field } from '../domain/dataset.ts';
import { measureText } from '../domain/measure.ts';
import { plainField } from '../domain/plain-field.ts';
import { allowedOf, type Threshold } from '../domain/threshold.ts';
import { literal } from '../sql/sql.ts';
import { number } from '../types/number/number.ts';
import type { WrittenTotal } from './basis.ts';
import type { CheckEnv, SentTotals } from './check-env.ts';
import type { ControlTotal } from './control.ts';
import { measureSql } from './measure-sql.ts';
import { columnNamed, labelOf } from './planned-column.ts';
import { type FileWords, fileWords, wordings } from './wording.ts';

export const WORDINGS = wordings({
  'control-total': {
    summary: '{measure} is not what {place} says',
    message: '{measure} is {found}; {place} says {wanted}.',
    fix: 'Look for rows that are missing, doubled or changed, and export again.',
  },
  'control-total.masked': {
    summary: '{measure} is not what {place} says',
    message: '{measure} is not what {place} says.',
    fix: 'Look for rows that are missing, doubled or changed, and export again.',
  },
  'control-total.no-number': {
    summary: '{measure}: {place} holds no number',
    message: '{measure}: {place} holds no number.',
    fix: 'Write the total as the column writes its numbers.',
  },
  'control-total.no-footer': {
    summary: '{measure}: there is no totals row with a value under {column}',
    message: '{measure}: there is no totals row with a value under {column}.',
    fix: 'Export with the totals row.',
  },
  'control-total.no-file': {
    summary: '{measure}: {place} {why}',
    message: '{measure}: {place} {why}.',
    fix: 'Deliver the control file beside the file, then check again.',
  },
});

type Written = (WrittenTotal & { readonly place: string }) | FileWords;

/** The total as the sender wrote it, and its place in words; or what is said where it is not there. */
export async function writtenTotal(
  env: CheckEnv,
  sent: SentTotals,
  { measure, from }: ControlTotal,
  words: string,
): Promise<Written> {
  if (from.kind === 'number') return { text: from.value, plain: true, place: 'the agreed total' };
  if (from.kind === 'footer') {
    const column = columnNamed(env, from.field);
    const cell = await sent.footerCell(column);
    return cell === null
      ? fileWords(WORDINGS['control-total.no-footer'], { measure: words, column: labelOf(column.field) })
      : {
          text: cell.text,
          plain: cell.plain,
          place: `the totals row (row ${cell.row})`,
        };
  }
  const { control } = env.basis;
  const place = control ? `the control file '${control.name}'` : 'the control file';
  const missing = (why: string) =>
    fileWords(WORDINGS['control-total.no-file'], { measure: words, place, why });
  if (!control || control.state === 'missing') return missing('is not there');
  if (control.state === 'unreadable') return missing(`cannot be read: ${control.why}`);
  const total = control.totals.get(measureText(measure));
  return total === undefined ? missing('does not say it') : { ...total, place };
}

/** Most digits before and after the point of a total. */
const EXACT = { precision: 38, scale: 10 } as const;

/** The total as decimal text, read as the column writes its numbers; null where it is not a number. */
export async function asNumber(
  env: CheckEnv,
  total: WrittenTotal,
  field: Field | null,
): Promise<string | null> {
  const plain: Field = { ...plainField(field?.name ?? 'rows'), ...EXACT, type: 'number' };
  const readers = total.plain || field === null ? [plain] : [{ ...field, ...EXACT, type: 'number' }, plain];
  for (const reader of readers) {
    const { parse } = number.sql(reader, { raw: 'k', cast: 'NULL', text: 'k', kind: null });
    const { value } = await env.engine.row<{ value: string | null }>(
      `SELECT (${parse})::VARCHAR AS value FROM (SELECT trim(${literal(total.text)}) AS k)`,
    );
    if (value !== null) return value.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  }
  return null;
}

/** Sums of binary numbers differ in the last digits: a difference up to this part of the total does not count. */
const BINARY = 1e-9;

/** The sum of the rows, as text; null where it is equal to the total, or near enough. */
export async function differing(
  env: CheckEnv,
  { measure }: ControlTotal,
  wanted: string,
  tolerance: Threshold | null,
): Promise<string | null> {
  const column = measure === 'rows' ? null : columnNamed(env, measure.field);
  const value = measure === 'rows' ? 'count(*)' : measureSql(measure.of, `v${column?.index}`);
  const allowed = tolerance === null ? 0 : allowedOf(tolerance, Number(wanted));
  const { exact, off, shown } = await env.engine.row<{
    exact: string | null;
    off: number | string;
    shown: string | null;
  }>(
    `SELECT abs(TRY_CAST(x AS DECIMAL(38,10)) - ${wanted}::DECIMAL(38,10))::VARCHAR AS exact,
       abs(x::DOUBLE - ${wanted}::DOUBLE) AS off, x::VARCHAR AS shown
     FROM (SELECT ${value} AS x FROM ${measure === 'rows' ? env.rows.data : env.rows.judged})`,
  );
  const binary = column?.sqlType === 'DOUBLE' || (measure !== 'rows' && measure.of === 'avg');
  const slack = binary ? Math.abs(Number(wanted)) * BINARY : 0;
  const difference = exact === null || binary ? Number(off) : Number(exact);
  if (shown !== null && difference <= allowed + slack) return null;
  return shown === null ? 'not there' : shown.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}
