import type { Dialect } from './dialect.ts';
import { type Edge, edgesFrom } from './record-edges.ts';
import { unreadable } from './text-error.ts';
import { TextWindow } from './text-window.ts';

interface Point {
  /** Bytes from the start of the window. */
  readonly at: number;
  readonly line: number;
  readonly cost: number;
  /** Another way leads to this point, with the same cost. */
  readonly tied: boolean;
  readonly before: Point | null;
  /** How the text before this point was read. */
  readonly unsure: boolean;
}

export interface ReadingOptions {
  /** Name of the file, for messages. */
  readonly file: string;
  readonly dialect: Dialect;
  /** Cells of a sound record. */
  readonly width: number;
  /** A record longer than this counts as one whose quotes make no sense. */
  readonly limit: number;
}

/** Bytes of sound records that are passed on at a time. */
const PORTION = 256 << 10;
/** A way that costs this much more than one that has come further is given up. */
const HOPELESS = 8;

/** Text that is read in one way: whole records, or with `unsure` one record whose cells are not sure. */
export interface ReadPart {
  readonly bytes: Buffer;
  readonly unsure: boolean;
}

/**
 * Reads a text with damaged quotes so that as little as possible makes no sense: damage stays in its row, and the next
 * line begins a record again. Every line start is a point. From each point three ways lead on: the record that begins
 * there, and, where its quotes may be wrong, the line alone or the lines that would be a record without one quote. Each
 * way has a cost. The cheapest way is taken as soon as all other ways have reached its points. Where two ways cost the
 * same, the file is refused.
 */
export async function* bestReading(
  chunks: AsyncIterable<Buffer>,
  options: ReadingOptions,
): AsyncGenerator<ReadPart, void, void> {
  const window = new TextWindow(chunks);
  let line = 1;
  try {
    while (!(await isEnd(window, 0))) {
      const run = soundRun(window, options);
      if (run.at > 0) {
        yield { bytes: window.bytes.subarray(0, run.at), unsure: false };
        window.dropBefore(run.at);
        line += run.lines;
        continue;
      }
      const end = await meeting(window, line, options);
      yield* partsTo(window, end, options.file);
      window.dropBefore(end.at);
      line = end.line;
    }
  } finally {
    await window.close();
  }
}

/** Sound rows one after the other, from the start of the window, as far as its bytes reach. */
function soundRun(window: TextWindow, options: ReadingOptions): { at: number; lines: number } {
  const ground = { bytes: window.bytes, ended: window.ended, ...options };
  let at = 0;
  let lines = 0;
  while (at < Math.min(PORTION, window.bytes.length)) {
    const edges = edgesFrom(ground, at, options.width);
    const [only] = edges ?? [];
    if (only === undefined || edges?.length !== 1 || only.cost > 0) break;
    at = only.to;
    lines += only.lines;
  }
  return { at, lines };
}

/** The first point after the start of the window that all ways reach. */
async function meeting(window: TextWindow, line: number, options: ReadingOptions): Promise<Point> {
  let ahead: Point[] = [{ at: 0, line, cost: 0, tied: false, before: null, unsure: false }];
  for (;;) {
    const [point, ...others] = ahead as [Point, ...Point[]];
    if (others.length === 0 && point.before !== null) return point;
    if (await isEnd(window, point.at)) return point;
    ahead = others;
    for (const edge of await edgesAt(window, point.at, options)) ahead = joinedBy(ahead, point, edge);
    const best = Math.min(...ahead.map(({ cost }) => cost));
    ahead = ahead.filter(({ cost }) => cost <= best + HOPELESS);
  }
}

async function edgesAt(window: TextWindow, at: number, options: ReadingOptions): Promise<readonly Edge[]> {
  for (;;) {
    const { bytes, ended } = window;
    const edges = edgesFrom({ bytes, ended, ...options }, at, options.width);
    if (edges !== null) return edges;
    await window.more();
  }
}

async function isEnd(window: TextWindow, at: number): Promise<boolean> {
  while (at === window.bytes.length && !window.ended) await window.more();
  return at === window.bytes.length;
}

/** Adds the point to which an edge leads, in the order of the text; of two ways to one point the cheaper one stays. */
function joinedBy(ahead: readonly Point[], before: Point, { to, lines, cost, unsure }: Edge): Point[] {
  const reached = {
    at: to,
    line: before.line + lines,
    cost: before.cost + cost,
    tied: false,
    before,
    unsure,
  };
  const known = ahead.find(({ at }) => at === to);
  if (known === undefined) return [...ahead, reached].sort((a, b) => a.at - b.at);
  const better =
    reached.cost === known.cost ? { ...known, tied: true } : reached.cost < known.cost ? reached : known;
  return ahead.map((point) => (point === known ? better : point));
}

function* partsTo(window: TextWindow, end: Point, file: string): Generator<ReadPart> {
  const parts: ReadPart[] = [];
  for (let point = end; point.before !== null; point = point.before) {
    const { before, at, unsure } = point;
    if (point.tied) {
      const reason = 'a quote is missing or too many near here, and the rows can be told apart in two ways.';
      const cure = 'Fix the quotes in a text editor, then drop the file into data/landed again.';
      throw unreadable(file, firstLine(point), reason, cure);
    }
    parts.unshift({ bytes: window.bytes.subarray(before.at, at), unsure });
  }
  yield* parts;
}

function firstLine(point: Point): number {
  return point.before === null ? point.line : firstLine(point.before);
}
