import type { FieldAsWritten } from '../../config/schema.ts';
import { counted } from '../../domain/count.ts';
import { type DateGuess, inferDates, inferDatetimes, inferMonths } from '../../domain/infer-date.ts';
import type { CellKind } from '../../readers/reader.ts';
import type { ColumnSample } from './column-sample.ts';
import type { Guess, Typed } from './field-guess.ts';
import { inferNumber } from './infer-number.ts';
import { numberField } from './number-field.ts';

/** A field as the draft writes it, with notes for its reader. */
export interface FieldDraft {
  readonly written: FieldAsWritten;
  readonly notes: readonly string[];
}

const BOOLEANS: readonly (readonly [string, string])[] = [
  ['true', 'false'],
  ['yes', 'no'],
  ['y', 'n'],
  ['ja', 'nein'],
  ['oui', 'non'],
  ['si', 'no'],
  ['sí', 'no'],
  ['sì', 'no'],
  ['sim', 'não'],
  ['tak', 'nie'],
  ['j', 'n'],
  ['t', 'f'],
  ['wahr', 'falsch'],
  ['vrai', 'faux'],
];
/** What the file as a whole says about its columns. */
export interface FileHints {
  /** Its month (2025-06), which helps to tell days from months. */
  readonly month: string | null;
  /** The decimal sign of its texts. */
  readonly decimalChar: string | null;
}

/** The narrowest type that all values of the column have; string where in doubt. */
export function inferField(name: string, column: ColumnSample, hints: FileHints): FieldDraft {
  const texts = [...column.values.keys()];
  const { typed, note } = guess(column, texts, hints);
  const title = column.header === name ? {} : { title: column.header };
  const errors = errorNote(column);
  const notes = [note ?? null, errors, personal(column.header)].filter((one) => one !== null);
  return { written: { name, ...title, ...typed }, notes };
}

function errorNote({ errors, errorText }: ColumnSample): string | null {
  if (errors === 0) return null;
  const what =
    errorText === '#FORMULA' ? 'a formula that nobody calculated' : `an error such as ${errorText}`;
  return `${counted(errors, 'cell holds', 'cells hold')} ${what}, so such rows will be rejected`;
}

function guess(column: ColumnSample, texts: readonly string[], { month, decimalChar }: FileHints): Guess {
  const kinds = new Set(column.values.values());
  if (texts.length === 0) return { typed: { type: 'string' }, note: 'no value in this file: check the type' };
  if (kinds.has('z')) return { typed: { type: 'string' } };
  if (texts.every((text) => /^\d{4}-(0[1-9]|1[0-2])$/.test(text))) return { typed: { type: 'yearmonth' } };
  if (kinds.size === 1 && kinds.has('d')) return { typed: cellDates(texts) };
  const json = jsonType(texts);
  if (json !== null) return { typed: { type: json } };
  return (
    booleans(texts, kinds.size === 1 && (kinds.has('b') || kinds.has('l'))) ??
    years(column.header, texts) ??
    months(column.header, texts) ??
    numberField(column, texts, decimalChar) ??
    dates('date', inferDates(texts, month), kinds) ??
    (texts.every((text) => ISO_DATETIME.test(text)) ? { typed: { type: 'datetime' as const } } : null) ??
    dates('datetime', inferDatetimes(texts, month), kinds) ??
    times(texts) ?? { typed: { type: 'string' }, note: nearlyNumbers(texts) }
  );
}

function booleans(texts: readonly string[], cells: boolean): Guess | null {
  if (cells) return { typed: { type: 'boolean' } };
  const lower = new Set(texts.map((text) => text.toLowerCase()));
  const pair = BOOLEANS.find(([yes, no]) => lower.has(yes) && lower.has(no) && lower.size === 2);
  if (!pair) return null;
  if (pair[0] === 'true' && texts.every((text) => /^(true|True|TRUE|false|False|FALSE)$/.test(text)))
    return { typed: { type: 'boolean' } };
  const spelled = (word: string) => texts.filter((text) => text.toLowerCase() === word);
  return { typed: { type: 'boolean', trueValues: spelled(pair[0]), falseValues: spelled(pair[1]) } };
}

export function namesYear(header: string): boolean {
  return /\b(year|jahr|ann[ée]e|año|ano|rok)\b/i.test(header.replace(/_/g, ' '));
}

function years(header: string, texts: readonly string[]): Guess | null {
  return namesYear(header) && texts.every((text) => /^(18|19|20|21)\d{2}$/.test(text))
    ? { typed: { type: 'year' } }
    : null;
}

/** 06/2025 is a month in any column; 202506 and 06.2025 are numbers, unless the header says otherwise. */
function months(header: string, texts: readonly string[]): Guess | null {
  const named = /\b(month|period|monat|mois|mes|mese|m[ae]and|miesi[aą]c)\b/i.test(header.replace(/_/g, ' '));
  if (!named && texts.every((text) => /^[\d.,]+$/.test(text))) return null;
  const found = inferMonths(texts);
  if (!found) return null;
  const locale = found.locale === undefined ? {} : { locale: found.locale };
  return { typed: { type: 'yearmonth', format: found.formats[0] as string, ...locale } };
}

/** Real dates of a workbook, always in ISO notation; if one has a time of day, all are datetimes. */
function cellDates(texts: readonly string[]): Typed {
  return { type: texts.some((text) => /T(?!00:00(:00)?$)/.test(text)) ? 'datetime' : 'date' };
}

const ISO_DATETIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)? ?(Z|[+-]\d{2}(:?\d{2})?)?$/;

function dates(
  type: 'date' | 'datetime',
  found: DateGuess | null,
  kinds: ReadonlySet<CellKind>,
): Guess | null {
  if (!found) return null;
  const isDefault = found.formats.length === 1 && found.formats[0] === '%Y-%m-%d';
  const notes = [
    ...(found.alsoFits ? [`check the format: every value also fits ${found.alsoFits}`] : []),
    ...(found.formats.some((one) => one.includes('%y')) ? ['check the century: years have two digits'] : []),
  ];
  if (found.formats.length > 1) notes.push(mixedDates(found.formats, kinds));
  const format = found.formats.length === 1 ? (found.formats[0] as string) : [...found.formats];
  const locale = found.locale === undefined ? {} : { locale: found.locale };
  return { typed: isDefault ? { type } : { type, format, ...locale }, note: notes.join('; ') || null };
}

/** A program of another country turns 03/06/2025 and similar texts into dates, and leaves 13/06/2025 as text. */
function mixedDates(formats: readonly string[], kinds: ReadonlySet<CellKind>): string {
  if (!kinds.has('d'))
    return `check: dates are in two notations (${formats.join(' and ')}), as if two people wrote them`;
  return formats.some((format) => /^%[dm]\W%[dm]/.test(format))
    ? 'check: one column holds dates and date texts, so day and month of dates up to the 12th may be exchanged; compare some with their source'
    : 'check: one column holds dates and date texts';
}

function times(texts: readonly string[]): Guess | null {
  return texts.every((text) => /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(text))
    ? { typed: { type: 'time' } }
    : null;
}

function jsonType(texts: readonly string[]): 'array' | 'object' | null {
  const opens = texts[0]?.[0];
  if ((opens !== '[' && opens !== '{') || !texts.every((text) => text.startsWith(opens))) return null;
  try {
    for (const text of texts) JSON.parse(text);
  } catch {
    return null;
  }
  return opens === '[' ? 'array' : 'object';
}

/** A note for a column that would be a number, were it not for a few texts. */
function nearlyNumbers(texts: readonly string[]): string | null {
  if (texts.length < 10) return null;
  const odd = texts.filter((text) => inferNumber([text]) === null);
  if (odd.length === 0 || odd.length > Math.max(3, texts.length * 0.02)) return null;
  return `nearly a number: ${odd.length} of ${counted(texts.length, 'different value')} ${odd.length === 1 ? 'is none' : 'are none'}`;
}

function personal(header: string): string | null {
  const words = header.replace(/[_-]/g, ' ');
  return /\b(name|surname|first name|last name|e ?mail|phone|address|national id|passport|ssn|iban)\b/i.test(
    words,
  )
    ? 'personal data? pii: true masks it in messages and reports'
    : null;
}
