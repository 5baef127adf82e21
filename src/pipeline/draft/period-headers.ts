import { fold } from '../../domain/fold-text.ts';
import { parseFilePeriod } from '../../domain/period.ts';
import { monthNamed, spelledPeriod } from '../../domain/spelled-period.ts';

/** A header that consists of a period only. */
interface PeriodLabel {
  readonly unit: 'month' | 'quarter' | 'year';
  /** Counted from year 0, or from January where the header has no year. */
  readonly at: number;
}

/**
 * Whether the cells of a row besides names continue from period to period without a gap, such as `2021 | 2022 | 2023`
 * and dates of the first of each month: a row of data has no such cells. @param texts By column; empty where a cell is
 * blank or a name.
 */
export function arePeriods(texts: readonly string[]): boolean {
  const from = texts.findIndex((text) => text !== '');
  const until = texts.findLastIndex((text) => text !== '') + 1;
  const labels = texts.slice(Math.max(0, from), until).map(periodLabel);
  const step = (labels[1]?.at ?? 0) - (labels[0]?.at ?? 0);
  return (
    labels.length >= 2 &&
    step !== 0 &&
    labels.every((label, i) => {
      const before = labels[i - 1];
      return label !== null && (i === 0 || (label.unit === before?.unit && label.at - before.at === step));
    })
  );
}

/** A sentence of doubt about a table whose headers are periods; null where no header is. */
export function periodHeaderDoubt(headers: readonly string[]): string | null {
  const dated = headers.filter(saysYear);
  if (dated.length > 0)
    return `${named(dated)} a period: a file of another period may have other headers, which the gate refuses. Ask for headers that stay the same: without the period, or with a row for each period.`;
  const bare = headers.filter((header) => periodLabel(header.trim()) !== null);
  if (bare.length < 3) return null;
  return `${named(bare)} the parts of a year side by side. Ask for a row for each period if the figures are to be summed or compared over time.`;
}

function named(headers: readonly string[]): string {
  const shown = headers
    .slice(0, 3)
    .map((header) => `'${header}'`)
    .join(', ');
  const more = headers.length > 3 ? ` and ${headers.length - 3} more` : '';
  return headers.length === 1 ? `The header ${shown} names` : `The headers ${shown}${more} name`;
}

function saysYear(header: string): boolean {
  if (/(?<![\d.,])(?:19|20)\d{2}(?!\d)/.test(header)) return true;
  const means = spelledPeriod(header)?.means ?? '';
  return means !== '' && !/\d{5,}/.test(header);
}

function periodLabel(text: string): PeriodLabel | null {
  const date = /^(\d{4}-\d{2})-\d{2}(?:T00:00:00)?$/.exec(text)?.[1];
  const slashed = /^(\d{1,2})[/.](\d{4})$/.exec(text);
  const written = date ?? (slashed ? `${slashed[2]}-${(slashed[1] ?? '').padStart(2, '0')}` : text);
  const spelled = spelledPeriod(written);
  const means = spelled?.text === written ? (spelled.means ?? written) : written;
  if (parseFilePeriod('year', means) && /^(?:19|20)/.test(means)) return { unit: 'year', at: Number(means) };
  const month = parseFilePeriod('month', means)?.text;
  if (month !== undefined && !/^\d{6}$/.test(text))
    return { unit: 'month', at: Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) };
  const quarter = parseFilePeriod('quarter', means)?.text;
  if (quarter !== undefined)
    return { unit: 'quarter', at: Number(quarter.slice(0, 4)) * 4 + Number(quarter.slice(6)) };
  const name = monthNamed(fold(text));
  if (name !== null) return { unit: 'month', at: name };
  const alone = /^[qt]([1-4])$/i.exec(text)?.[1];
  return alone === undefined ? null : { unit: 'quarter', at: Number(alone) };
}
