import { counted } from '../../domain/count.ts';
import { JsonFault } from './json-fault.ts';
import { literalEnd, numberEnd } from './json-scalar.ts';
import { shownCharacter, stringEnd } from './json-string.ts';

/** What a scan tells as it goes. All places are offsets in the text; ends are behind the last character. */
export interface JsonWatcher {
  /** A member begins, with its name from quote to quote. */
  name(start: number, end: number): void;
  /** A string, number, `true`, `false` or `null`, a whole value; `code` is its first character. */
  scalar(start: number, end: number, code: number): void;
  /** An object or array begins. */
  open(start: number, isObject: boolean): void;
  /** The innermost object or array ends. */
  close(end: number): void;
}

/** More levels than any real record has. What reads JSON after us must not run out of stack either. */
const MOST_LEVELS = 1000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** No character has this number. */
const NOTHING = -1;

/** Which of the open levels are objects. A scan never begins inside another one. */
const objects = new Uint8Array(MOST_LEVELS + 1);

/**
 * Reads the one JSON value (RFC 8259, strictly) that begins at `from`, without any blanks in front, and returns its end.
 * What follows it is the matter of the caller. Throws JsonFault; half characters (lone surrogates) and more than 1,000
 * levels are faults too. It takes no stack, whatever the text.
 */
export function scanValue(text: string, from: number, to: number, watcher: JsonWatcher | null): number {
  let at = from;
  let depth = 0;
  for (;;) {
    const code = at < to ? text.charCodeAt(at) : NOTHING;
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      const isObject = code === OPEN_OBJECT;
      if (depth === MOST_LEVELS) throw tooDeep(at);
      objects[++depth] = isObject ? 1 : 0;
      watcher?.open(at, isObject);
      at = skipBlanks(text, at + 1, to);
      if (at >= to) throw unended(isObject, at);
      if (text.charCodeAt(at) !== (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        if (isObject) at = nameEnd(text, at, to, watcher);
        continue;
      }
    } else {
      const end = scalarEnd(text, at, to, code);
      watcher?.scalar(at, end, code);
      at = end;
    }
    for (;;) {
      if (depth === 0) return at;
      const isObject = objects[depth] === 1;
      at = skipBlanks(text, at, to);
      const next = at < to ? text.charCodeAt(at) : NOTHING;
      if (next === (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        depth--;
        at++;
        watcher?.close(at);
      } else if (next === COMMA) {
        at = afterComma(text, at, to, isObject);
        if (isObject) at = nameEnd(text, at, to, watcher);
        break;
      } else throw noComma(text, at, to, isObject);
    }
  }
}

/** A text that is one JSON value, with blanks around it at most. */
export function checkJson(text: string, watcher: JsonWatcher | null = null): void {
  const end = scanValue(text, skipBlanks(text, 0, text.length), text.length, watcher);
  const rest = skipBlanks(text, end, text.length);
  if (rest < text.length) throw new JsonFault(`${shownCharacter(text, rest)} follows the value`, rest);
}

/** The next character that is no blank: JSON knows the space, the tab and the two line ends. */
export function skipBlanks(text: string, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const code = text.charCodeAt(at);
    if (code > 0x20 || (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09)) break;
    at++;
  }
  return at;
}

function scalarEnd(text: string, at: number, to: number, code: number): number {
  if (code === QUOTE) return stringEnd(text, at, to);
  if (code === MINUS || (code >= 0x30 && code <= 0x39)) return numberEnd(text, at, to);
  if (code === NOTHING) throw new JsonFault('a value is missing', at, true);
  return literalEnd(text, at, to);
}

/** Reads a member's name and its colon; the value begins at what it returns. */
function nameEnd(text: string, start: number, to: number, watcher: JsonWatcher | null): number {
  if (text.charCodeAt(start) !== QUOTE) throw noName(text, start);
  const end = stringEnd(text, start, to);
  const colon = skipBlanks(text, end, to);
  if (colon >= to || text.charCodeAt(colon) !== COLON) {
    throw new JsonFault('a name of a member is followed by no colon', colon, colon >= to);
  }
  watcher?.name(start, end);
  const value = skipBlanks(text, colon + 1, to);
  const code = value < to ? text.charCodeAt(value) : NOTHING;
  if (code === COMMA || code === CLOSE_OBJECT) throw new JsonFault('a member has no value', value);
  return value;
}

function afterComma(text: string, comma: number, to: number, isObject: boolean): number {
  const at = skipBlanks(text, comma + 1, to);
  if (at >= to) throw unended(isObject, at);
  const code = text.charCodeAt(at);
  if (code === CLOSE_ARRAY || code === CLOSE_OBJECT || code === COMMA) {
    throw new JsonFault('a comma is followed by nothing', comma);
  }
  return at;
}

const tooDeep = (at: number) =>
  new JsonFault(`values in it are nested more than ${counted(MOST_LEVELS, 'level')} deep`, at);

const unended = (isObject: boolean, at: number) =>
  new JsonFault(`${isObject ? 'an object' : 'an array'} has no end`, at, true);

function noName(text: string, at: number): JsonFault {
  const code = text[at] as string;
  if (code === '/') return new JsonFault('a comment is not JSON', at);
  if (code === ',') return new JsonFault('a comma follows no member', at);
  return new JsonFault('a name of a member is not in double quotes', at);
}

function noComma(text: string, at: number, to: number, isObject: boolean): JsonFault {
  if (at >= to) return unended(isObject, at);
  const code = text[at] as string;
  if (code === ']' || code === '}') {
    return new JsonFault(`${isObject ? 'an object' : 'an array'} ends with ${code}`, at);
  }
  if (code === '/') return new JsonFault('a comment is not JSON', at);
  const parts = isObject ? 'members' : 'values';
  if (/["{[\w-]/.test(code)) return new JsonFault(`there is no comma between two ${parts}`, at);
  return new JsonFault(`${shownCharacter(text, at)} follows a value`, at);
}
