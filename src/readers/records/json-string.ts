import { JsonFault } from './json-fault.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SIMPLE_ESCAPES = '"\\/bfnrt';

/** The end of the string whose opening quote is at `from`, behind its closing quote. */
export function stringEnd(text: string, from: number, to: number): number {
  for (let at = from + 1; at < to; ) {
    const code = text.charCodeAt(at);
    if (code >= 0x20 && code !== QUOTE && code !== BACKSLASH && (code & 0xf800) !== 0xd800) at++;
    else if (code === QUOTE) return at + 1;
    else if (code === BACKSLASH) at = escapeEnd(text, from, at, to);
    else if (code < 0x20) throw new JsonFault(controlCharacter(code), at);
    else at = pairEnd(text, at, to);
  }
  throw unclosed(from);
}

/** What the string from quote to quote says. */
export function decodeString(text: string, start: number, end: number): string {
  const written = text.slice(start + 1, end - 1);
  return written.includes('\\') ? (JSON.parse(`"${written}"`) as string) : written;
}

function escapeEnd(text: string, from: number, at: number, to: number): number {
  if (at + 1 >= to) throw unclosed(from);
  const letter = text[at + 1] as string;
  if (letter !== 'u') {
    if (SIMPLE_ESCAPES.includes(letter)) return at + 2;
    throw new JsonFault(`a text holds a backslash before ${shownCharacter(text, at + 1)}`, at);
  }
  const unit = hexUnit(text, from, at, to);
  if ((unit & 0xf800) !== 0xd800) return at + 6;
  const half = new JsonFault(`a text holds half a character (${text.slice(at, at + 6)})`, at);
  if (unit >= 0xdc00) throw half;
  // The second half may come with more of the text.
  for (let next = 0; next < 2; next++) {
    if (at + 6 + next >= to) throw unclosed(from);
    if (text[at + 6 + next] !== '\\u'[next]) throw half;
  }
  if ((hexUnit(text, from, at + 6, to) & 0xfc00) !== 0xdc00) throw half;
  return at + 12;
}

/** The number of the escape backslash, u and four digits that begins at `at`. */
function hexUnit(text: string, from: number, at: number, to: number): number {
  for (let digit = at + 2; digit < at + 6; digit++) {
    if (digit >= to) throw unclosed(from);
    if (!/[0-9a-fA-F]/.test(text[digit] as string)) {
      throw new JsonFault('a text holds \\u without four digits behind it', at);
    }
  }
  return Number.parseInt(text.slice(at + 2, at + 6), 16);
}

function pairEnd(text: string, at: number, to: number): number {
  const second = at + 1 < to ? text.charCodeAt(at + 1) : 0;
  if (text.charCodeAt(at) < 0xdc00 && (second & 0xfc00) === 0xdc00) return at + 2;
  throw new JsonFault('a text holds half a character', at);
}

const unclosed = (from: number) => new JsonFault('a text has no closing quote', from, true);

const NAMED: Readonly<Record<number, string>> = {
  8: 'a backspace, which JSON writes as \\b',
  9: 'a tab, which JSON writes as \\t',
  10: 'a line break, which JSON writes as \\n',
  12: 'a form feed, which JSON writes as \\f',
  13: 'a carriage return, which JSON writes as \\r',
};

function controlCharacter(code: number): string {
  const written = `\\u${code.toString(16).padStart(4, '0')}`;
  return `a text holds ${NAMED[code] ?? `a control character, which JSON writes as ${written}`}`;
}

/** A character as a message shows it: in quotes, or by its number where it would not be seen. */
export function shownCharacter(text: string, at: number): string {
  const code = text.codePointAt(at) as number;
  const character = String.fromCodePoint(code);
  if (/^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character)) return `“${character}”`;
  return `a character that is not seen (number ${code})`;
}
