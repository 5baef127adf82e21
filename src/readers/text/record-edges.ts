import { type Ground, lineEnd, type ScannedRecord, scanRecord } from './scan-record.ts';
import { CR, LF } from './tokenizer-states.ts';

/** One way to go on from the start of a line: what is read up to `to`, and its cost. */
export interface Edge {
  readonly to: number;
  readonly lines: number;
  readonly cost: number;
  /** Read as text whose cells are not sure; otherwise read as the tokenizer does. */
  readonly unsure: boolean;
}

/**
 * Costs of a reading. One line that makes no sense is the best explanation of a superfluous quote. Next comes a record
 * of several lines that makes sense without one of its quotes; it is better than two lines without sense.
 */
const LINE = 2;
const SEVERAL_LINES = 3;
/**
 * An unquoted cell that ends as a quoted one does: what is read as text may be the end of a cell that began on an
 * earlier line.
 */
const BARE = 2;

const MOST_QUOTES = 64;
/** Bytes that are searched for the quote that would close a cell begun before. */
const LOOK_AHEAD = 64 << 10;

/** Every way to go on from `at`, with `width` cells per record; null: more bytes are needed. */
export function edgesFrom(ground: Ground, at: number, width: number): readonly Edge[] | null {
  const record = scanRecord(ground, at);
  const line = lineEnd(ground, at);
  if (record === null || line === null) return null;
  const oneLine: Edge = { to: line, lines: 1, cost: LINE, unsure: true };
  const several = record.lines > 1;
  const further = record.quoted && !several && !record.broken ? goesOn(ground, record.end) : false;
  if (further === null) return null;
  const others = record.broken || several || further ? joined(ground, at, record, width) : [];
  if (others === null) return null;
  if (record.broken) return [oneLine, ...others];
  const asRead: Edge = { to: record.end, lines: record.lines, cost: costOf(record, width), unsure: false };
  const amiss = record.quoted && (record.bare || record.cells !== width);
  const other = amiss && isOtherwise(ground, at, record, width);
  return [
    other ? { ...asRead, cost: several ? SEVERAL_LINES : LINE, unsure: true } : asRead,
    ...(several ? [oneLine] : []),
    ...others.filter(({ to }) => to !== record.end),
  ];
}

function costOf(record: ScannedRecord, width: number): number {
  const ragged = record.blank || record.cells === width ? 0 : record.lines > 1 ? SEVERAL_LINES : LINE;
  return ragged + (record.bare ? BARE * Math.min(2, record.lines) : 0);
}

/**
 * Records of several lines that make sense without one of the quotes up to the place where this record ends or breaks;
 * null: more bytes are needed.
 */
function joined(ground: Ground, at: number, record: ScannedRecord, width: number): Edge[] | null {
  const { bytes, dialect } = ground;
  const found = new Map<number, Edge>();
  let quotes = 0;
  for (
    let q = bytes.indexOf(dialect.quote, at);
    q >= 0 && q < record.end;
    q = bytes.indexOf(dialect.quote, q + 1)
  ) {
    if (++quotes > MOST_QUOTES) break;
    const other = scanRecord(ground, at, q);
    if (other === null) return null;
    if (other.broken || other.lines < 2 || other.cells !== width) continue;
    const cost = SEVERAL_LINES + (other.bare ? BARE : 0);
    found.set(other.end, { to: other.end, lines: other.lines, cost, unsure: true });
  }
  return [...found.values()];
}

/** Whether the same bytes, without one of their quotes, are a sound record with other cells. */
function isOtherwise(ground: Ground, at: number, record: ScannedRecord, width: number): boolean {
  const { bytes, dialect } = ground;
  for (
    let q = bytes.indexOf(dialect.quote, at), n = 0;
    q >= 0 && q < record.end && n < MOST_QUOTES;
    q = bytes.indexOf(dialect.quote, q + 1), n++
  ) {
    const other = scanRecord(ground, at, q);
    if (other === null || other.broken || other.bare || other.end !== record.end) continue;
    if (other.cells === width && other.bounds !== record.bounds) return true;
  }
  return false;
}

/** Whether the next quote after `end` could close a cell that began before; null: more bytes are needed. */
function goesOn({ bytes, ended, dialect }: Ground, end: number): boolean | null {
  const next = bytes.subarray(0, end + LOOK_AHEAD).indexOf(dialect.quote, end);
  if (next + 1 === bytes.length || (next < 0 && bytes.length < end + LOOK_AHEAD))
    return ended ? next >= 0 : null;
  if (next < 0) return false;
  const after = bytes[next + 1];
  return after === CR || after === LF || after === dialect.delimiter || after === dialect.quote;
}
