/** The way from a record to one of its values: names of members, and numbers of elements from 0 on. */
export type RecordPath = readonly (string | number)[];

/** A path that cannot be read. The message is a sentence that says what is wrong, and at which character. */
export class RecordPathError extends Error {}

interface Step {
  readonly step: string | number;
  /** Where the next step begins. */
  readonly end: number;
}

/**
 * Reads a path such as `$.places[0]['city name']`: `$`, then `.member` (anything up to the next `.` or `[`), `['member']`
 * or `["member"]` (a backslash before the quote and before a backslash) and `[0]`. Throws RecordPathError.
 */
export function parseRecordPath(text: string): RecordPath {
  if (!text.startsWith('$')) throw wrong('A path begins with $', 0);
  const path: (string | number)[] = [];
  for (let at = 1; at < text.length; ) {
    const { step, end } = stepAt(text, at);
    if (path.length === 0 && typeof step === 'number') {
      throw wrong('A record is an object, so its path begins with a member such as $.name', at);
    }
    path.push(step);
    at = end;
  }
  if (path.length === 0)
    throw wrong('A path names a member, such as $.name, and $ alone is the whole record', 0);
  return path;
}

/** A path as it is written in a configuration. */
export function showPath(path: RecordPath): string {
  return `$${path.map(shownStep).join('')}`;
}

/** A path as people read it in a message: `job.salary`, `places[0]['city name']`. */
export function showMember(path: RecordPath): string {
  return showPath(path).replace(/^\$\.?/, '');
}

function shownStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return /^[\p{L}\p{N}_-]+$/u.test(step) ? `.${step}` : `['${step.replace(/['\\]/g, '\\$&')}']`;
}

function stepAt(text: string, at: number): Step {
  if (text[at] === '.') return dottedMember(text, at + 1);
  if (text[at] !== '[') throw wrong('A member follows a point or is in brackets', at);
  const quote = text[at + 1];
  return quote === "'" || quote === '"' ? quotedMember(text, at + 1, quote) : element(text, at + 1);
}

function dottedMember(text: string, from: number): Step {
  let end = from;
  while (end < text.length && text[end] !== '.' && text[end] !== '[') end++;
  const step = text.slice(from, end);
  if (step === '') throw wrong('A point is followed by no member', from);
  if (step === '*')
    throw wrong("A path leads to one value, so * is not read (a member called so is ['*'])", from);
  if (step.trim() !== step)
    throw wrong(`A member with blanks at its ends is written in quotes: ['${step}']`, from);
  return { step, end };
}

function quotedMember(text: string, from: number, quote: string): Step {
  let step = '';
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === quote) return { step, end: closed(text, at + 1) };
    if (text[at] === '\\' && !['"', "'", '\\'].includes(text[++at] as string)) {
      throw wrong('A backslash is followed by a quote or by another backslash', at);
    }
    step += text[at];
  }
  throw wrong('A quote is opened and not closed', from);
}

/** No array has more elements than a text has characters. */
const MOST_DIGITS = 9;

function element(text: string, from: number): Step {
  let end = from;
  while (end < text.length && text[end] !== ']') end++;
  const digits = text.slice(from, end);
  if (!/^(0|[1-9][0-9]*)$/.test(digits)) {
    throw wrong(
      "In brackets is the number of an element, from 0 on, or a member in quotes, such as ['name']",
      from,
    );
  }
  if (digits.length > MOST_DIGITS) throw wrong('No array has so many elements', from);
  return { step: Number(digits), end: closed(text, end) };
}

function closed(text: string, at: number): number {
  if (text[at] !== ']') throw wrong('A bracket is opened and not closed', at);
  return at + 1;
}

function wrong(what: string, at: number): RecordPathError {
  return new RecordPathError(`${what} (character ${at + 1} of the path).`);
}
