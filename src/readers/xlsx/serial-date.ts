/** Shown for a serial that is no date: before the first day, the 29 February 1900 that never was, or past year 9999. */
export const NO_DATE = '#DATE';

const DAY = 86_400;
/** Days from 1970-01-01 back to the day before serial 1 (which moves after the false leap day), and to serial 0 of 1904. */
const EPOCH_1900 = -25_569;
const EPOCH_1904 = -24_107;
const LAST_DAY = 2_932_896;
/** Days whose text is kept: those to the year 2079. */
const DAYS_KEPT = 1 << 16;

/** Turns serial numbers into text; days repeat in a column, so their text is kept. */
export class SerialDates {
  readonly #date1904: boolean;
  readonly #days: (string | undefined)[] = new Array(DAYS_KEPT).fill(undefined);

  constructor(date1904: boolean) {
    this.#date1904 = date1904;
  }

  /** `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM:SS` where there is a time, rounded to the second. `NO_DATE` if it is none. */
  dateTime(serial: number): string {
    const total = Math.round(serial * DAY);
    const day = Math.floor(total / DAY);
    const seconds = total - day * DAY;
    const date = this.#day(day);
    return seconds === 0 || date === NO_DATE ? date : `${date}T${clock(seconds)}`;
  }

  /** `HH:MM:SS`, hours as many as there are, rounded to the second. `NO_DATE` below zero and past the last day. */
  duration(serial: number): string {
    const total = Math.round(serial * DAY);
    return total < 0 || total > (LAST_DAY - EPOCH_1900 + 1) * DAY ? NO_DATE : clock(total);
  }

  #day(day: number): string {
    const known = this.#days[day];
    if (known !== undefined) return known;
    const text = this.#dayText(day);
    if (day >= 0 && day < DAYS_KEPT) this.#days[day] = text;
    return text;
  }

  #dayText(serial: number): string {
    if (this.#date1904) return serial < 0 ? NO_DATE : civilDate(serial + EPOCH_1904);
    // Lotus 1-2-3 took 1900 for a leap year and Excel kept the error: serial 60 is no day, those below are one off.
    if (serial < 1 || serial === 60) return NO_DATE;
    return civilDate(serial + EPOCH_1900 + (serial < 60 ? 1 : 0));
  }
}

function civilDate(days: number): string {
  if (days > LAST_DAY) return NO_DATE;
  // Years from March and eras of 400 years, so that leap days come last (Hinnant, days_from_civil, turned round).
  const sinceEra = days + 719_468;
  const era = Math.floor(sinceEra / 146_097);
  const ofEra = sinceEra - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const march = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * march + 2) / 5) + 1;
  const month = march < 10 ? march + 3 : march - 9;
  return `${yearOfEra + era * 400 + (month <= 2 ? 1 : 0)}-${two(month)}-${two(day)}`;
}

function clock(total: number): string {
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  return `${two(hours)}:${two(minutes)}:${two(total % 60)}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

const ISO_DATE =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})([.,]\d+)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?Z?$/;
const ISO_TIME = /^T?(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?Z?$/;

/**
 * The text of a cell that holds its date as ISO 8601 (`t="d"`), in the same form as serials get. An offset other than zero
 * stays in the text: dropped, it would make another moment; applied, another day.
 */
export function isoCell(text: string): { readonly kind: 'd' | 't' | 'e'; readonly text: string } {
  const date = ISO_DATE.exec(text);
  if (date) {
    const fraction = date[4]?.replace(',', '.') ?? '';
    const time = date[2] === undefined ? '' : `T${date[2]}:${date[3] ?? '00'}${fraction}Z`;
    const at = Date.parse(time === '' ? `${date[1]}T00:00:00Z` : `${date[1]}${time}`);
    // Date.parse rolls 31 February over; the day must come back as it went in.
    if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date[1])
      return { kind: 'e', text: NO_DATE };
    const rounded = new Date(Math.round(at / 1000) * 1000).toISOString();
    if (rounded.length > 24) return { kind: 'e', text: NO_DATE };
    const offset = isoOffset(date[5] ?? 'Z');
    if (offset === null) return { kind: 'e', text: NO_DATE };
    if (offset !== '') return { kind: 'd', text: rounded.slice(0, 19) + offset };
    return {
      kind: 'd',
      text: rounded.endsWith('T00:00:00.000Z') ? rounded.slice(0, 10) : rounded.slice(0, 19),
    };
  }
  const time = ISO_TIME.exec(text);
  if (!time || Number(time[1]) > 24 || Number(time[2]) > 59 || Number(time[3] ?? 0) > 59)
    return { kind: 'e', text: NO_DATE };
  const seconds =
    Number(time[1]) * 3600 + Number(time[2]) * 60 + Math.round(Number(`${time[3] ?? 0}.${time[4] ?? 0}`));
  return { kind: 't', text: clock(Number(time[1]) < 24 ? Math.min(seconds, DAY - 1) : seconds) };
}

/** `+02:00`; empty for none. Null where there is no such offset. */
function isoOffset(text: string): string | null {
  const [, sign, hours = '', minutes = '00'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(text) ?? [];
  if (sign === undefined || (hours === '00' && minutes === '00')) return '';
  return Number(hours) > 14 || Number(minutes) > 59 ? null : `${sign}${hours}:${minutes}`;
}
