/**
 * Returned for a serial that is not a date: before the first day, the 29 February 1900 that never existed, or past year
 * 9999.
 */
export const NO_DATE = '#DATE';

const DAY_MS = 86_400_000;
/** Days from 1970-01-01 back to the day before serial 1 (which moves after the false leap day), and to serial 0 of 1904. */
const EPOCH_1900 = -25_569;
const EPOCH_1904 = -24_107;
const LAST_DAY = 2_932_896;
/** The texts of days up to the year 2079 are kept. */
const DAYS_KEPT = 1 << 16;

/** Turns serial numbers into text. Days repeat in a column, so their text is kept. */
export class SerialDates {
  readonly #date1904: boolean;
  readonly #days: (string | undefined)[] = new Array(DAYS_KEPT).fill(undefined);

  constructor(date1904: boolean) {
    this.#date1904 = date1904;
  }

  /**
   * `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM:SS` where there is a time, with milliseconds where there are any. `NO_DATE`
   * where the serial is not a date. Rounding never leads into the next day.
   */
  dateTime(serial: number): string {
    const whole = asShown(serial);
    const day = Math.floor(whole);
    const time = Math.min(milliseconds(whole - day), DAY_MS - 1);
    const date = this.#day(day);
    return time === 0 || date === NO_DATE ? date : `${date}T${clock(time)}`;
  }

  /** `HH:MM:SS`, hours as many as there are, with milliseconds where there are any; `-` first below zero. */
  duration(serial: number): string {
    const time = milliseconds(Math.abs(serial));
    if (time > (LAST_DAY - EPOCH_1900 + 1) * DAY_MS) return NO_DATE;
    return serial < 0 && time > 0 ? `-${clock(time)}` : clock(time);
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
    // Lotus 1-2-3 took 1900 for a leap year, and Excel kept the error: serial 60 is not a day, and smaller serials are
    // off by one.
    if (serial < 1 || serial === 60) return NO_DATE;
    return civilDate(serial + EPOCH_1900 + (serial < 60 ? 1 : 0));
  }
}

function civilDate(days: number): string {
  if (days > LAST_DAY) return NO_DATE;
  // Years begin in March and are counted in eras of 400 years, so that leap days come last (the inverse of Hinnant's
  // days_from_civil).
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

/**
 * A sheet keeps 15 digits: a value that is a millisecond within these digits was that millisecond before the
 * calculation.
 */
function asShown(serial: number): number {
  const near = Math.round(serial);
  return near !== serial && Math.abs(serial - near) < 1e-9 ? Number(serial.toPrecision(15)) : serial;
}

/** As a part of a day; programs that keep eight decimals (excel4node) still have the millisecond. */
function milliseconds(days: number): number {
  return Math.round(days * DAY_MS);
}

function clock(total: number): string {
  const seconds = Math.floor(total / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return `${two(hours)}:${two(minutes)}:${two(seconds % 60)}${fraction(total % 1000)}`;
}

/** `.025`; empty for zero. */
function fraction(ms: number): string {
  return ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

const ISO_DATE =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})([.,]\d+)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?Z?$/;
const ISO_TIME = /^T?(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?Z?$/;

/**
 * The text of a cell that holds its date as ISO 8601 (`t="d"`), in the same form as serials get. An offset other than
 * zero stays in the text: without it the text would mean another moment, and converted it could be another day.
 */
export function isoCell(text: string): { readonly kind: 'd' | 't' | 'e'; readonly text: string } {
  const date = ISO_DATE.exec(text);
  if (date) {
    // Three decimals are kept and the others cut off, because rounding could lead into the next day.
    const ms = (date[4] ?? '').slice(1, 4).padEnd(3, '0');
    const time = date[2] === undefined ? '00:00:00' : `${date[2]}:${date[3] ?? '00'}`;
    const at = Date.parse(`${date[1]}T${time}.${ms}Z`);
    // Date.parse turns 31 February into a day of March, so the result must show the same day.
    if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date[1])
      return { kind: 'e', text: NO_DATE };
    const offset = isoOffset(date[5] ?? 'Z');
    if (offset === null) return { kind: 'e', text: NO_DATE };
    const shown = `${date[1]}T${time}${fraction(Number(ms))}`;
    return {
      kind: 'd',
      text: offset === '' && Number(ms) === 0 && time === '00:00:00' ? date[1]! : shown + offset,
    };
  }
  const time = ISO_TIME.exec(text);
  if (!time || Number(time[1]) > 24 || Number(time[2]) > 59 || Number(time[3] ?? 0) > 59)
    return { kind: 'e', text: NO_DATE };
  const seconds = Number(time[1]) * 3600 + Number(time[2]) * 60 + Number(time[3] ?? 0);
  const total = seconds * 1000 + Number((time[4] ?? '').slice(0, 3).padEnd(3, '0'));
  return { kind: 't', text: clock(total) };
}

/** `+02:00`; empty where there is none. Null where the offset is not possible. */
function isoOffset(text: string): string | null {
  const [, sign, hours = '', minutes = '00'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(text) ?? [];
  if (sign === undefined || (hours === '00' && minutes === '00')) return '';
  return Number(hours) > 14 || Number(minutes) > 59 ? null : `${sign}${hours}:${minutes}`;
}
