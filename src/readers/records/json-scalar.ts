import { JsonFault } from './json-fault.ts';
import { shownCharacter } from './json-string.ts';

const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const UNDERSCORE = 0x5f;

/** The end of the number that begins at `from` with a digit or a minus. */
export function numberEnd(text: string, from: number, to: number): number {
  let at = text.charCodeAt(from) === MINUS ? from + 1 : from;
  const begin = at;
  at = digitsEnd(text, at, to);
  if (at === begin) throw minusAlone(text, from, to);
  if (at > begin + 1 && text.charCodeAt(begin) === ZERO) {
    throw new JsonFault('a number begins with a 0 that other digits follow', from);
  }
  if (at < to && text.charCodeAt(at) === POINT) {
    const fraction = digitsEnd(text, at + 1, to);
    if (fraction === at + 1) throw new JsonFault('a point is followed by no digit', at, fraction >= to);
    at = fraction;
  }
  if (at < to && (text.charCodeAt(at) | 0x20) === 0x65) {
    let digits = at + 1;
    if (digits < to && (text.charCodeAt(digits) === PLUS || text.charCodeAt(digits) === MINUS)) digits++;
    const end = digitsEnd(text, digits, to);
    if (end === digits) throw new JsonFault('an exponent has no digit', at, end >= to);
    at = end;
  }
  return at;
}

function digitsEnd(text: string, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) break;
    at++;
  }
  return at;
}

function minusAlone(text: string, from: number, to: number): JsonFault {
  const end = wordEnd(text, from + 1, to);
  if (end === from + 1) return new JsonFault('a minus is followed by no digit', from, end >= to);
  return new JsonFault(`${shownWord(text, from, end)} is not JSON`, from, end >= to);
}

const TRUE = 0x74;
const FALSE = 0x66;
const NULL = 0x6e;

/** The end of `true`, `false` or `null` at `from`; whatever else is there begins no value of JSON. */
export function literalEnd(text: string, from: number, to: number): number {
  const code = text.charCodeAt(from);
  const word = code === TRUE ? 'true' : code === FALSE ? 'false' : code === NULL ? 'null' : '';
  const end = from + word.length;
  if (word !== '' && end <= to && text.startsWith(word, from) && wordEnd(text, end, to) === end) return end;
  throw noValue(text, from, to);
}

function noValue(text: string, from: number, to: number): JsonFault {
  const end = wordEnd(text, from, to);
  if (end > from) return new JsonFault(`${shownWord(text, from, end)} is not JSON`, from, end >= to);
  return new JsonFault(
    NO_VALUE[text[from] as string] ?? `${shownCharacter(text, from)} begins no value`,
    from,
  );
}

const NO_VALUE: Readonly<Record<string, string>> = {
  "'": 'a text is in single quotes, and JSON takes double ones',
  '/': 'a comment is not JSON',
  '+': 'a number begins with a plus',
  '.': 'a number begins with its point',
  ',': 'a comma follows no value',
  ':': 'a colon follows no name of a member',
  '\ufeff': 'a byte order mark is inside the text',
};

/** The end of letters, digits and underscores, as in words of programming languages. */
function wordEnd(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isWordPart(text.charCodeAt(at))) at++;
  return at;
}

function isWordPart(code: number): boolean {
  const small = code | 0x20;
  return (small >= 0x61 && small <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === UNDERSCORE;
}

const LONGEST_SHOWN = 20;

function shownWord(text: string, from: number, end: number): string {
  return end - from <= LONGEST_SHOWN ? text.slice(from, end) : `${text.slice(from, from + LONGEST_SHOWN)}…`;
}
