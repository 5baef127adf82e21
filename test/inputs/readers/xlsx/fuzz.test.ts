import { expect, test } from 'vitest';
import { TidemarkError } from '../../../../src/errors/tidemark-error.ts';
import { startCpuTimer } from '../../../unit/readers/xlsx/cpu-time.ts';
import { BOOKS } from '../../../unit/readers/xlsx/fuzz/books.ts';
import { ARCHIVE, PARTS, type Parts, XML } from '../../../unit/readers/xlsx/fuzz/mutate.ts';
import { oracleCells } from '../../../unit/readers/xlsx/fuzz/oracle.ts';
import { Random } from '../../../unit/readers/xlsx/fuzz/random.ts';
import { Malformed } from '../../../unit/readers/xlsx/fuzz/xml-tree.ts';
import {
  asZip,
  type Cells,
  cellsOfLines,
  extractFirst,
  readCells,
} from '../../../unit/readers/xlsx/tiny-workbook.ts';
import { writeZip } from '../../../unit/readers/xlsx/zip-writer.ts';

/** More by TIDEMARK_FUZZ=10000; cases are numbered by their seed. */
const CASES = Number(process.env.TIDEMARK_FUZZ ?? 600);
const FIRST = Number(process.env.TIDEMARK_FUZZ_FROM ?? 1);
const SLOW = 2000;

type Outcome = Cells | 'refused';

async function outcome(
  bytes: Buffer,
  about: string,
  read: () => Promise<Cells> = () => readCells(bytes),
): Promise<Outcome> {
  const used = startCpuTimer();
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw new Error(`${about}: not a refusal`, { cause: error });
    expect(['file-unreadable', 'limit-exceeded'], about).toContain(error.code);
    return 'refused';
  } finally {
    expect(used(), about).toBeLessThan(SLOW);
  }
}

function secondOpinion(parts: Parts): Outcome {
  try {
    return oracleCells(parts);
  } catch (error) {
    if (error instanceof Malformed) return 'refused';
    throw error;
  }
}

/** The first cell that differs, as a sentence. */
function differences(about: string, found: Cells, expected: Cells): string[] {
  const at = [...Object.keys(found), ...Object.keys(expected)].find((cell) => found[cell] !== expected[cell]);
  return at === undefined ? [] : [`${about}: ${at} is ${found[at]}, not ${expected[at]}`];
}

const cellsOfBooks = Object.fromEntries(
  Object.entries(BOOKS).map(([name, parts]) => [name, oracleCells(parts)]),
);

test.each(Object.keys(BOOKS))('the workbook %s reads as the oracle reads it', async (name) => {
  const cells = await readCells(asZip(BOOKS[name]!));
  expect(cells).toEqual(cellsOfBooks[name]);
  expect(Object.keys(cells).length).toBeGreaterThan(8);
});

test(`${CASES} archives with changed bytes end in the exact cells or a refusal`, {
  timeout: 60_000 + CASES * 100,
}, async () => {
  const shifted: string[] = [];
  for (let seed = FIRST; seed < FIRST + CASES; seed++) {
    const random = new Random(seed);
    const name = random.pick(Object.keys(BOOKS));
    const kind = random.pick(Object.keys(ARCHIVE));
    const about = `seed ${seed}: ${kind} in ${name}`;
    const sound = [...BOOKS[name]!].map(([part, data]) => ({
      name: part,
      data,
      stored: random.chance(0.2),
      streamed: random.chance(0.2),
    }));
    const found = await outcome(ARCHIVE[kind]!(writeZip(sound, random.chance(0.2)), random), about);
    if (found !== 'refused') shifted.push(...differences(about, found, cellsOfBooks[name]!));
  }
  expect(shifted).toEqual([]);
});

test(`${CASES} sound archives with changed parts end in what a plain reading of them says, or a refusal`, {
  timeout: 60_000 + CASES * 100,
}, async () => {
  const shifted: string[] = [];
  let read = 0;
  let differ = 0;
  for (let seed = FIRST; seed < FIRST + CASES; seed++) {
    const random = new Random(seed + 1_000_000);
    const name = random.pick(Object.keys(BOOKS));
    const parts: Parts = new Map(BOOKS[name]!);
    const kind = change(parts, random);
    const about = `seed ${seed}: ${kind} in ${name}`;
    const found = await outcome(asZip(parts), about);
    if (found === 'refused') continue;
    read++;
    const expected = secondOpinion(parts);
    // Where the plain reading gives up, what was read must be what stood there before: the change was beside the cells.
    shifted.push(...differences(about, found, expected === 'refused' ? cellsOfBooks[name]! : expected));
    if (JSON.stringify(found) !== JSON.stringify(cellsOfBooks[name])) differ++;
  }
  expect(shifted).toEqual([]);
  // A fuzzer that never reads, or never changes a value, tests nothing.
  expect(read).toBeGreaterThan(CASES / 6);
  expect(differ).toBeGreaterThan(CASES / 100);
});

test(`${CASES / 2} workbooks changed in several places are laid out as their rows are read`, {
  timeout: 60_000 + CASES * 100,
}, async () => {
  const shifted: string[] = [];
  let read = 0;
  for (let seed = FIRST; seed < FIRST + CASES / 2; seed++) {
    const random = new Random(seed + 3_000_000);
    const name = random.pick(Object.keys(BOOKS));
    const parts: Parts = new Map(BOOKS[name]!);
    const kinds = Array.from({ length: 1 + random.below(3) }, () => change(parts, random));
    const about = `seed ${seed}: ${kinds.join(', ')} in ${name}`;
    const bytes = asZip(parts);
    const found = await outcome(bytes, about);
    const laid = await outcome(bytes, about, async () =>
      cellsOfLines((await extractFirst(bytes, 0, 30)).lines),
    );
    // Past the width of 30 columns an extract counts cells and keeps none.
    const kept =
      found === 'refused'
        ? found
        : Object.fromEntries(
            Object.entries(found).filter(([cell]) => /^A?[A-Z]\d/.test(cell) && !/^A[E-Z]/.test(cell)),
          );
    if (kept === 'refused' || laid === 'refused') {
      if (kept !== laid) shifted.push(`${about}: one way refused, the other not`);
      continue;
    }
    read++;
    shifted.push(...differences(about, laid, kept));
  }
  expect(shifted).toEqual([]);
  expect(read).toBeGreaterThan(CASES / 20);
});

function change(parts: Parts, random: Random): string {
  if (random.chance(0.1)) {
    const kind = random.pick(Object.keys(PARTS));
    PARTS[kind]!(parts, random);
    return kind;
  }
  const part = random.chance(0.7) ? 'xl/worksheets/sheet1.xml' : random.pick([...parts.keys()]);
  const kind = random.pick(Object.keys(XML));
  // An earlier change may have taken the part away.
  const before = parts.get(part) ?? '<x/>';
  const text = typeof before === 'string' ? before : before.toString('utf16le');
  const after = XML[kind]!(text, random);
  parts.set(part, typeof before === 'string' ? after : Buffer.from(after, 'utf16le'));
  return `${kind} of ${part}`;
}
