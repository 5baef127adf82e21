import type { Field } from '../../domain/dataset.ts';

/** What a cell of a field should hold, in an analyst's words. */
export function expected(field: Field): string {
  switch (field.type) {
    case 'string':
      return 'text';
    case 'integer':
      return 'a whole number';
    case 'number':
      return field.precision === null
        ? 'a number'
        : `a number with at most ${field.precision - (field.scale ?? 0)} digits before and ${field.scale ?? 0} after the decimal sign`;
    case 'boolean':
      return `one of ${listed([...field.trueValues, ...field.falseValues].map((value) => `'${value}'`))}`;
    case 'date':
      return `a date${formatted(field, '2025-06-30')}`;
    case 'datetime':
      return `a date and time${formatted(field, '2025-06-30T14:05:00')}`;
    case 'time':
      return `a time${formatted(field, '14:05:00')}`;
    case 'year':
      return 'a year such as 2025';
    case 'yearmonth':
      return `a year and month${formatted(field, '2025-06')}`;
    case 'object':
      return 'a JSON object';
    default:
      return 'a JSON list';
  }
}

function formatted(field: Field, iso: string): string {
  const examples =
    field.formats.length === 0
      ? [iso]
      : [...new Set(field.formats.map((one) => example(one, field)))].slice(0, SHOWN_FORMATS);
  return ` such as ${examples.join(' or ')}`;
}

/** How many formats a sentence names, and how many words a list in it may have. */
const SHOWN_FORMATS = 3;
const LISTED_WORDS = 8;

/** As many of the values as fit into a sentence, and their number. */
export function listed(values: readonly string[]): string {
  const shown: string[] = [];
  let words = 0;
  for (const value of values) {
    words += value.split(/\s+/).length;
    if (words > LISTED_WORDS && shown.length > 0) break;
    shown.push(value);
  }
  const all = shown.join(', ');
  return shown.length < values.length ? `${all} … (${values.length} in all)` : all;
}

/** How the text of a pattern looks: an example where one can be made, because few people read patterns. */
export function formOf(pattern: string): string {
  const made = exampleOf(pattern);
  return made === null || made === pattern ? pattern : `${pattern}, such as ${made}`;
}

/** A text that matches a plain pattern of letters, classes and counts; null for any other. */
function exampleOf(pattern: string): string | null {
  let out = '';
  let digit = 0;
  const piece = /^(\[[^\]^\\]+\]|\\d|\\.|[^\\[\](){}|*+?.^$])(\{(\d+)(,\d*)?\}|[+?*])?/;
  for (let rest = pattern.replace(/^\^|\$$/g, ''); rest !== ''; ) {
    const found = piece.exec(rest);
    if (found === null) return null;
    const [whole, what = '', many, count] = found;
    const times = many === undefined || many === '+' ? 1 : count === undefined ? 0 : Number(count);
    if (times > 40) return null;
    for (let n = 0; n < times; n++) {
      if (what === '\\d' || what === '[0-9]') out += String(++digit % 10);
      else if (what.startsWith('[')) out += what[1];
      else if (what.startsWith('\\')) {
        if (/[a-zA-Z0-9]/.test(what[1] ?? '')) return null;
        out += what[1];
      } else out += what;
    }
    rest = rest.slice(whole.length);
  }
  return out === '' ? null : out;
}

const EXAMPLES: Record<string, string> = {
  Y: '2025',
  y: '25',
  m: '06',
  d: '30',
  e: '30',
  H: '14',
  I: '02',
  M: '05',
  S: '00',
  f: '000000',
  j: '181',
  b: 'Jun',
  B: 'June',
  a: 'Mon',
  A: 'Monday',
  p: 'PM',
  z: '+00:00',
  F: '2025-06-30',
  T: '14:05:00',
  R: '14:05',
  D: '06/30/25',
  '%': '%',
};

function example(format: string, field: Field): string {
  return dateExample(format, field.locale);
}

/** The thirtieth of June 2025, 14:05, in the notation of a format. */
export function dateExample(format: string, locale: Field['locale']): string {
  // The thirtieth of June 2025 is a Monday. The text is only shown, so the runtime's own tables are good enough.
  const name = (type: 'month' | 'weekday', length: 'long' | 'short') =>
    new Intl.DateTimeFormat(locale ?? 'en', { day: 'numeric', [type]: length, timeZone: 'UTC' })
      .formatToParts(Date.UTC(2025, 5, 30))
      .find((part) => part.type === type)?.value;
  const names: Record<string, string | undefined> =
    locale === null
      ? {}
      : {
          B: name('month', 'long'),
          b: name('month', 'short'),
          A: name('weekday', 'long'),
          a: name('weekday', 'short'),
        };
  return format.replace(/%-?(.)/g, (_, letter: string) => names[letter] ?? EXAMPLES[letter] ?? letter);
}

/** How to fix a value that does not have its field's type. */
export function typeCure(field: Field, value: string | null): string {
  const number = field.type === 'integer' || field.type === 'number';
  if (value !== null && number) {
    if (/^[+-]?[\d.,\s]*\d[eE][+-]?\d+$/.test(value)) return 'Write the number out, without an exponent.';
    if (/[^\d\s.,+-]/.test(value))
      return `Leave only the number in the cell${field.bareNumber ? ', without unit or sign' : ''}.`;
    const places = decimals(field, value);
    if (places !== null && places > (field.type === 'integer' ? 0 : (field.scale ?? places))) {
      return `Round it, if that is right: expected is ${expected(field)}.`;
    }
    if (places !== null) return `Correct the number, it is too large: expected is ${expected(field)}.`;
    if (/[.,]/.test(value))
      return `Write decimals with '${field.decimalChar}'${field.groupChar === null ? ' and no thousands sign' : ` and thousands with '${field.groupChar}'`}; expected is ${expected(field)}.`;
  }
  if (['date', 'datetime'].includes(field.type) && value !== null && /^\d{4,6}(\.\d+)?$/.test(value)) {
    return 'The cell holds a number: format the column as a date, or type the date again.';
  }
  return field.constraints.required
    ? `Enter ${expected(field)}.`
    : `Enter ${expected(field)}, or leave the cell blank if it is not known.`;
}

/** Number of decimals of a number as the field writes it; null where the text is not a number. */
function decimals(field: Field, value: string): number | null {
  const [whole, fraction = '', ...more] = value.trim().split(field.decimalChar);
  const plain = more.length === 0 && /^[+-]?\d+$/.test(whole ?? '') && /^\d*$/.test(fraction);
  if (!plain) return null;
  // 5.0 is not a whole number as text; in 5.10 the last zero is not a decimal too many.
  return field.type === 'integer'
    ? value.trim().length - (whole ?? '').length
    : fraction.replace(/0+$/, '').length;
}
