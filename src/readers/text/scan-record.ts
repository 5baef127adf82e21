import { BareQuotes } from './bare-quotes.ts';
import type { Dialect } from './dialect.ts';
import { CELL_START, CR, ESCAPE_SEEN, LF, PLAIN, QUOTE_SEEN, QUOTED } from './tokenizer-states.ts';

/** The record that begins at a given byte. */
export interface ScannedRecord {
  /** The byte after its line end; where the record is broken, the byte after the last one that was scanned. */
  readonly end: number;
  /** Number of lines that it covers. */
  readonly lines: number;
  readonly cells: number;
  /** Text follows a closing quote, or the last quote is never closed. */
  readonly broken: boolean;
  /** Some cell was quoted. */
  readonly quoted: boolean;
  /** An unquoted cell ends as the end of a quoted one does. */
  readonly bare: boolean;
  readonly blank: boolean;
  /** Sum of the positions of its delimiters: tells readings of the same bytes apart. */
  readonly bounds: number;
}

/** Where to scan. `ended`: no text comes after these bytes; past `limit` bytes a record counts as broken. */
export interface Ground {
  readonly bytes: Buffer;
  readonly ended: boolean;
  readonly dialect: Dialect;
  readonly limit: number;
}

/**
 * Scans the record that begins at `from`, as the tokenizer reads it, without writing it. `without` is the position of a
 * quote that is ignored. Null: the bytes end before the record does.
 */
export function scanRecord(ground: Ground, from: number, without = -1): ScannedRecord | null {
  const { bytes, ended, dialect, limit } = ground;
  const { delimiter, quote, escape: before } = dialect;
  const bare = new BareQuotes();
  const watched = quote === BareQuotes.SIGN;
  let state = CELL_START;
  let lines = 0;
  let cells = 1;
  let bounds = 0;
  let quoted = false;
  let blank = true;
  let crAt = -2;
  const answer = (end: number, broken: boolean): ScannedRecord => {
    bare.endCell(end);
    return {
      end,
      lines: Math.max(1, lines),
      cells,
      broken,
      quoted,
      bare: bare.ends,
      blank: blank && !quoted,
      bounds,
    };
  };
  const most = Math.min(bytes.length, from + limit);
  for (let i = from; i < most; i++) {
    const byte = bytes[i] as number;
    if (i === without) continue;
    if (state === ESCAPE_SEEN) {
      state = QUOTED;
      if (byte === quote || byte === before) continue;
    }
    if (state === QUOTED) {
      if (byte === quote) state = QUOTE_SEEN;
      else if (byte === before) state = ESCAPE_SEEN;
      else if (byte === CR || (byte === LF && crAt !== i - 1)) lines++;
      if (byte === CR) crAt = i;
      continue;
    }
    if (state === QUOTE_SEEN) {
      if (byte === quote) {
        state = QUOTED;
        continue;
      }
      if (byte !== delimiter && byte !== LF && byte !== CR) return answer(i + 1, true);
      state = PLAIN;
    }
    if (byte === delimiter) {
      bare.endCell(i);
      cells++;
      bounds += i;
      state = CELL_START;
    } else if (byte === LF || byte === CR) {
      lines++;
      if (byte === LF) return endAt(answer, i, i + 1);
      if (i + 1 === bytes.length && !ended) return null;
      return endAt(answer, i, bytes[i + 1] === LF ? i + 2 : i + 1);
    } else if (state === CELL_START && byte === quote) {
      state = QUOTED;
      quoted = true;
    } else {
      state = PLAIN;
      blank = false;
      if (watched && byte === quote) bare.see(i + 1);
    }
  }
  if (most < bytes.length) return answer(most, true);
  if (!ended) return null;
  const open = state === QUOTED || state === ESCAPE_SEEN;
  lines++;
  return answer(bytes.length, open);

  function endAt(say: typeof answer, at: number, end: number): ScannedRecord {
    return { ...say(at, false), end };
  }
}

/** The byte after the end of the line with `from` in it; null: the bytes end before. */
export function lineEnd({ bytes, ended }: Ground, from: number): number | null {
  for (let i = from; i < bytes.length; i++) {
    if (bytes[i] === LF) return i + 1;
    if (bytes[i] !== CR) continue;
    if (i + 1 === bytes.length && !ended) return null;
    return bytes[i + 1] === LF ? i + 2 : i + 1;
  }
  return ended ? bytes.length : null;
}
