import type { CheckAsWritten } from '../../config/check-schema.ts';
import type { FieldAsWritten } from '../../config/schema.ts';
import { counted } from '../../domain/count.ts';
import { type Period, periodDays } from '../../domain/period.ts';
import { typeOf } from '../../types/registry.ts';
import type { ColumnSample } from './column-sample.ts';
import { monthsRead } from './months-read.ts';

/** A check as the draft writes it, with a note for its reader. */
export interface CheckDraft {
  readonly written: CheckAsWritten;
  readonly note: string;
}

export interface ChecksDrafted {
  readonly checks: readonly CheckDraft[];
  /** Reasons to doubt the period of the file's name, as sentences. */
  readonly doubts: readonly string[];
}

/**
 * Share of a column's different dates that may be outside the period, for the column still to be one of dates of the
 * period.
 */
const MOST_OUTSIDE = 0.1;
/** The same where day and month of some dates may be exchanged. */
const MOST_MIXED = 0.5;
/** The number of rows of a shorter list may well halve. */
const ENOUGH_ROWS = 10;

/**
 * The checks that a careful person would add, all as warnings: not the last period's rows again, dates of the right
 * period, about as many rows. @param of The file by its name, and its period; null where the name has none.
 */
export function draftChecks(
  columns: readonly ColumnSample[],
  fields: readonly FieldAsWritten[],
  rows: number,
  { file, period }: { readonly file: string; readonly period: Period | null },
): ChecksDrafted {
  if (rows === 0) return { checks: [], doubts: [] };
  const dated = columns.flatMap((column, i): Dated[] => {
    const field = fields[i] as FieldAsWritten;
    const { calendar } = typeOf(field.type ?? 'string').compare;
    return calendar !== null && column.filled > 0 ? [datesOf(field, column, period)] : [];
  });
  if (period === null)
    return { checks: notCutShort(rows), doubts: dated.flatMap((one) => anyPeriod(one, file)) };
  const within = dated.filter(
    ({ outside, different, mixed }) => outside <= different * (mixed ? MOST_MIXED : MOST_OUTSIDE),
  );
  return {
    checks: [
      {
        written: {
          name: `not_last_${period.kind}_again`,
          differs_from_previous: true,
          severity: 'warning',
        },
        note: `warns where the rows are those of the ${period.kind} before`,
      },
      ...within.map((one) => rightPeriod(one, period, within.length > 1)),
      {
        written: {
          name: 'steady',
          versus_previous: { rows: { max_drop: '20%', max_rise: '50%' } },
          severity: 'warning',
        },
        note: `check: how much may the rows change from ${period.kind} to ${period.kind}? This file has ${rows}`,
      },
    ],
    doubts: within.length > 0 ? [] : dated.flatMap((one) => otherPeriod(one, period)),
  };
}

function notCutShort(rows: number): readonly CheckDraft[] {
  if (rows < ENOUGH_ROWS) return [];
  const min = Math.floor(rows / 2);
  return [
    {
      written: { name: 'not_cut_short', rows: { min }, severity: 'warning' },
      note: `warns where half of the ${counted(rows, 'row')} of this file are gone`,
    },
  ];
}

interface Dated {
  readonly name: string;
  /** Number of different values. */
  readonly different: number;
  /** Number of these outside the file's period. */
  readonly outside: number;
  /** In several notations. */
  readonly mixed: boolean;
  /** The only month, or year, of the values; null where they have several. */
  readonly only: string | null;
}

function datesOf(field: FieldAsWritten, column: ColumnSample, period: Period | null): Dated {
  const days = period === null ? null : periodDays(period);
  const [from, last] = [days?.from.slice(0, 7) ?? '', days?.until.slice(0, 7) ?? ''];
  const months = monthsRead(field, [...column.values.keys()]);
  const isWithin = (month: string | null) =>
    month !== null && (month.length === 4 ? month === from.slice(0, 4) : month >= from && month < last);
  const said = new Set(months.map((month) => month?.slice(0, period?.kind === 'year' ? 4 : 7) ?? null));
  return {
    name: field.name,
    different: months.length,
    mixed: Array.isArray(field.format) && field.format.length > 1,
    outside: months.filter((month) => !isWithin(month)).length,
    only: said.size === 1 ? ([...said][0] ?? null) : null,
  };
}

function rightPeriod({ name, different, outside }: Dated, period: Period, several: boolean): CheckDraft {
  const note =
    outside === 0
      ? `warns of dates outside of the ${period.kind}; here all lie in ${period.text}`
      : `check: ${outside} of its ${counted(different, 'different value')} ${outside === 1 ? 'lies' : 'lie'} outside of ${period.text}`;
  return {
    written: {
      name: several ? `right_${period.kind}_${name}` : `right_${period.kind}`,
      in_period: name,
      severity: 'warning',
    },
    note,
  };
}

/** If all dates are in one other period, the file's name is wrong, or the dates have another meaning. */
function otherPeriod({ name, only, different }: Dated, period: Period): readonly string[] {
  if (only === null || (only.length === 4) !== (period.kind === 'year')) return [];
  const all = different === 1 ? 'its only date lies' : 'all its dates lie';
  return [
    `${name}: ${all} in ${only}, but the file's name says ${period.text}: check that it is the right file.`,
  ];
}

/** A list whose dates are all in one month is most probably one of many. */
function anyPeriod({ name, only, different }: Dated, file: string): readonly string[] {
  if (only === null || only.length === 4 || different < 2) return [];
  const at = file.lastIndexOf('.');
  const like = `${file.slice(0, at)}_${only}${file.slice(at)}`;
  return [
    `${name}: all its dates lie in ${only}, but the name says no period. If each month has a file, name it like ${like}, delete this draft, and draft it again.`,
  ];
}
