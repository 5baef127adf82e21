export type PeriodKind = 'month' | 'quarter' | 'year' | 'none';

/** A period of one kind. `text` is what `_data_period` holds: 2025-06, 2025-Q2, 2025 or none. */
export interface Period {
  readonly kind: PeriodKind;
  readonly text: string;
}

export const NO_PERIOD: Period = { kind: 'none', text: 'none' };

/** `--period`: 2025-06, 2025-Q2 or 2025; null where it is none of these. */
export function parsePeriod(text: string): Period | null {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text) && !text.startsWith('0000')) return { kind: 'month', text };
  if (/^\d{4}-Q[1-4]$/.test(text) && !text.startsWith('0000')) return { kind: 'quarter', text };
  if (/^\d{4}$/.test(text) && text !== '0000') return { kind: 'year', text };
  return null;
}

/**
 * A period as file names write it, for a dataset of a given kind: 2025-06, 202506, 2025_06; 2025-Q2, 2025Q2, 2025_Q2;
 * 2025. Null where the text names no possible period of that kind.
 */
export function parseFilePeriod(kind: PeriodKind, text: string): Period | null {
  const month = /^(\d{4})[-_]?(\d{2})$/.exec(text);
  if (kind === 'month') return month ? onlyKind(kind, `${month[1]}-${month[2]}`) : null;
  const quarter = /^(\d{4})[-_]?[Qq]([1-4])$/.exec(text);
  if (kind === 'quarter') return quarter ? onlyKind(kind, `${quarter[1]}-Q${quarter[2]}`) : null;
  if (kind === 'year') return onlyKind(kind, text);
  return null;
}

function onlyKind(kind: PeriodKind, text: string): Period | null {
  const period = parsePeriod(text);
  return period?.kind === kind ? period : null;
}

/** First and last month of a period, as months counted from year 0; none has no months. */
function months(period: Period): readonly [number, number] {
  const year = Number(period.text.slice(0, 4));
  if (period.kind === 'month') {
    const month = year * 12 + Number(period.text.slice(5)) - 1;
    return [month, month];
  }
  if (period.kind === 'quarter') {
    const first = year * 12 + (Number(period.text.slice(6)) - 1) * 3;
    return [first, first + 2];
  }
  return [year * 12, year * 12 + 11];
}

function fromMonth(kind: PeriodKind, month: number): Period {
  const year = String(Math.floor(month / 12)).padStart(4, '0');
  const inYear = month % 12;
  if (kind === 'month') return { kind, text: `${year}-${String(inYear + 1).padStart(2, '0')}` };
  if (kind === 'quarter') return { kind, text: `${year}-Q${Math.floor(inYear / 3) + 1}` };
  if (kind === 'year') return { kind, text: year };
  return NO_PERIOD;
}

/**
 * The period of a dataset that a call for `asked` means. It is `asked` itself where the kinds agree; a month also means
 * the quarter or year that ends with it, and a quarter the year that ends with it; lists without a period are always
 * meant. Null: nothing is due.
 */
export function periodDue(kind: PeriodKind, asked: Period): Period | null {
  if (kind === 'none') return NO_PERIOD;
  if (asked.kind === kind) return asked;
  if (asked.kind === 'none') return null;
  const [first, last] = months(asked);
  const candidate = fromMonth(kind, last);
  const [start, end] = months(candidate);
  return end === last && start <= first ? candidate : null;
}

/**
 * The period of a kind that contains the whole of `inner` (for look-ups in a list of another kind); null: there is
 * none.
 */
export function periodContaining(kind: PeriodKind, inner: Period): Period | null {
  if (kind === 'none') return NO_PERIOD;
  if (inner.kind === 'none') return null;
  if (inner.kind === kind) return inner;
  const [first, last] = months(inner);
  const candidate = fromMonth(kind, last);
  const [start, end] = months(candidate);
  return start <= first && last <= end ? candidate : null;
}

/**
 * The period of a kind whose rows a reader of `period` sees: `period` itself, the one that contains it, or the last one
 * within it (of a quarter, its third month). Null for lists without periods.
 */
export function periodAsOf(kind: PeriodKind, period: Period): Period | null {
  if (kind === 'none' || period.kind === 'none') return null;
  return kind === period.kind ? period : fromMonth(kind, months(period)[1]);
}

/** The periods from `first` to `last` of the same kind, both included; empty where they are out of order or differ in kind. */
export function periodRange(first: Period, last: Period): readonly Period[] {
  if (first.kind !== last.kind || first.kind === 'none') return [];
  const step = first.kind === 'month' ? 1 : first.kind === 'quarter' ? 3 : 12;
  const out: Period[] = [];
  for (let month = months(first)[0]; month <= months(last)[0]; month += step)
    out.push(fromMonth(first.kind, month));
  return out;
}

/** First day, and the day after the last, as ISO dates in UTC. */
export function periodDays(period: Period): { readonly from: string; readonly until: string } | null {
  if (period.kind === 'none') return null;
  const [first, last] = months(period);
  const day = (month: number) => `${fromMonth('month', month).text}-01`;
  return { from: day(first), until: day(last + 1) };
}

/** The same month, quarter or year one year before; null where there is none. */
export function yearBefore(period: Period): Period | null {
  const year = Number(period.text.slice(0, 4)) - 1;
  if (period.kind === 'none' || year < 1) return null;
  return { ...period, text: `${String(year).padStart(4, '0')}${period.text.slice(4)}` };
}
