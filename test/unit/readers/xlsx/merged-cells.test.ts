import { expect, test } from 'vitest';
import { a1 } from '../../../../src/domain/finding.ts';
import { startCpuTimer } from './cpu-time.ts';
import { Random } from './fuzz/random.ts';
import {
  asZip,
  type Cells,
  cellsOfLines,
  extractFirst,
  refusalOfExtract,
  tinyParts,
} from './tiny-workbook.ts';

const text = (address: string, value: string): string =>
  `<c r="${address}" t="inlineStr"><is><t>${value}</t></is></c>`;
const number = (address: string, value: number): string => `<c r="${address}"><v>${value}</v></c>`;
const row = (n: number, ...cells: string[]): string => `<row r="${n}">${cells.join('')}</row>`;
const mergeCells = (ranges: readonly string[]): string =>
  `<mergeCells count="${ranges.length}">${ranges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>`;
const bookOf = (rows: readonly string[], ranges: readonly string[]): Buffer =>
  asZip(tinyParts({ rows: rows.join(''), after: mergeCells(ranges) }));
const book = (rows: readonly string[], ...ranges: string[]): Buffer => bookOf(rows, ranges);

const ROWS = [
  row(1, text('A1', 'title')),
  row(2, text('A2', 'region'), text('B2', 'place'), text('C2', 'people')),
  row(3, text('A3', 'North'), text('B3', 'Oslo'), number('C3', 5)),
  row(4, text('B4', 'Narvik'), number('C4', 6)),
  row(5, text('A5', 'South'), text('B5', 'Bari')),
];

test('every cell of a merged range has its value when it is to be filled, down and across', async () => {
  const down = await extractFirst(book(ROWS, 'A3:A4'), 2, 3, { merged: 'fill' });
  expect(down.lines).toEqual(['3|3|ssn|North|Oslo|5', '4|3|ssn|North|Narvik|6', '5|3|ss_|South|Bari|']);
  expect(down.merged).toEqual({
    ranges: 1,
    firstRows: [3],
    first: ['A3:A4'],
    filled: 1,
    numbers: 0,
    kept: 0,
  });
  const across = await extractFirst(book([...ROWS, row(6, text('A6', 'none'))], 'A6:C6'), 2, 3, {
    merged: 'fill',
  });
  expect(across.lines.at(-1)).toBe('6|3|sss|none|none|none');
  expect(across.merged).toMatchObject({ filled: 2 });
});

test('without filling, the first cell alone has the value, and the ranges are named', async () => {
  for (const merged of ['keep', 'refuse'] as const) {
    const extract = await extractFirst(book(ROWS, 'A3:A4', 'A1:C1'), 2, 3, { merged });
    expect(extract.lines).toEqual(['3|3|ssn|North|Oslo|5', '4|3|_sn||Narvik|6', '5|3|ss_|South|Bari|']);
    expect(extract.merged).toEqual({
      ranges: 1,
      firstRows: [3],
      first: ['A3:A4'],
      filled: 0,
      numbers: 0,
      kept: 0,
    });
  }
});

test('merged titles, merged cells right of the table and single cells are of no account', async () => {
  const extract = await extractFirst(book(ROWS, 'A1:C1', 'E3:F9', 'B3', 'B4:B4'), 2, 3, { merged: 'fill' });
  expect(extract.merged).toBeUndefined();
});

test('a header merged into the data is not filled into it', async () => {
  const extract = await extractFirst(book(ROWS, 'C2:C3', 'A2:A3'), 2, 3, { merged: 'fill' });
  expect(extract.lines[0]).toBe('3|3|ssn|North|Oslo|5');
  expect(extract.merged).toMatchObject({ ranges: 2, filled: 0, kept: 2 });
});

test('numbers that are filled are counted, and values under a range stand and are counted', async () => {
  const rows = [
    ...ROWS.slice(0, 2),
    row(3, number('A3', 1), number('B3', 2)),
    row(4, number('B4', 3), number('C4', 4)),
  ];
  const extract = await extractFirst(book(rows, 'A3:B4'), 2, 3, { merged: 'fill' });
  expect(extract.lines).toEqual(['3|3|nn_|1|2|', '4|3|nnn|1|3|4']);
  expect(extract.merged).toEqual({
    ranges: 1,
    firstRows: [3],
    first: ['A3:B4'],
    filled: 1,
    numbers: 1,
    kept: 2,
  });
});

test('blank rows under a range stay blank and are counted as such', async () => {
  const extract = await extractFirst(book(ROWS, 'A5:C8'), 2, 3, { merged: 'fill' });
  expect(extract.lines.map((line) => line.split('|')[0])).toEqual(['3', '4', '5']);
  const gap = await extractFirst(book([...ROWS, row(9, number('C9', 1))], 'A5:A9'), 2, 3, { merged: 'fill' });
  expect(gap.lines.at(-1)).toBe('9|3|s_n|South||1');
  expect(gap).toMatchObject({ blankRows: 3, merged: { filled: 1 } });
});

test('a range whose first cell is blank, or above the first row that is not, fills nothing', async () => {
  const extract = await extractFirst(book([...ROWS, row(9, number('C9', 1))], 'A7:B9', 'C5:C8'), 2, 3, {
    merged: 'fill',
  });
  expect(extract.lines.at(-1)).toBe('9|3|__n|||1');
  expect(extract.merged).toMatchObject({ ranges: 2, filled: 0 });
});

test('the text of a merged range is filled as it is, with breaks and dividers', async () => {
  const rows = [
    row(1, text('A1', 'h')),
    row(2, text('A2', 'a&#10;b_x001F_'), number('B2', 1)),
    row(3, number('B3', 2)),
  ];
  const extract = await extractFirst(book(rows, 'A2:A3'), 1, 2, { merged: 'fill' });
  expect(extract.lines).toEqual(['2|2|sn|a\x1bnb\x1bu|1', '3|2|sn|a\x1bnb\x1bu|2']);
});

test('a merged range over the whole sheet, and a hundred thousand of them, cost nothing', async () => {
  const used = startCpuTimer();
  const giant = await extractFirst(book(ROWS, 'A3:XFD1048576'), 2, 3, { merged: 'fill' });
  expect(giant.lines).toHaveLength(3);
  expect(giant.merged).toMatchObject({ ranges: 1, filled: 2, kept: 6 });
  const many = Array.from({ length: 100_000 }, (_, i) => `A${i + 6}:XFD${i + 6}`);
  expect((await extractFirst(bookOf(ROWS, many), 2, 3, { merged: 'fill' })).merged).toMatchObject({
    ranges: 100_000,
    filled: 0,
  });
  expect(used()).toBeLessThan(2000);
});

test.each([
  ['ranges that overlap', ['A3:B4', 'B3:C3'], /B3:C3 overlaps another/],
  ['the same range twice', ['A3:A4', 'A3:A4'], /overlaps another/],
  ['a range that is none', ['A3-B4'], /"A3-B4" is no range/],
  ['a range without an address', [''], /"" is no range/],
])('%s are refused', async (_, ranges, message) => {
  const error = await refusalOfExtract(book(ROWS, ...ranges), 2, 3, { merged: 'fill' });
  expect(error.code).toBe('file-unreadable');
  expect(error.message).toMatch(message);
});

interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Cells filled one by one from a list of boxes; null where two of them overlap in a row that is there. */
function filledPlainly(cells: Cells, boxes: readonly Box[], headerRow: number, width: number): Cells | null {
  const out = { ...cells };
  const rows = new Set(Object.keys(cells).map((cell) => Number(/\d+/.exec(cell)![0])));
  const owner = new Map<string, Box>();
  for (const box of boxes) {
    for (let row = box.top; row <= box.bottom; row++) {
      for (let column = box.left; column <= box.right && column < width; column++) {
        if (!rows.has(row) || row <= headerRow) continue;
        const cell = a1(column, row);
        if (owner.has(cell)) return null;
        owner.set(cell, box);
        const value = box.top > headerRow ? cells[a1(box.left, box.top)] : undefined;
        if (value !== undefined && out[cell] === undefined) out[cell] = value;
      }
    }
  }
  return out;
}

test('300 sheets with merged ranges anywhere are filled as a plain model fills them, or refused where ranges overlap', async () => {
  let refused = 0;
  let changed = 0;
  for (let seed = 1; seed <= 300; seed++) {
    const random = new Random(seed);
    const boxes = Array.from({ length: 1 + random.below(4) }, (): Box => {
      const [top, left] = [1 + random.below(9), random.below(6)];
      return { top, left, bottom: top + random.below(4), right: left + random.below(3) };
    }).filter(({ top, left, bottom, right }) => top < bottom || left < right);
    const rows = Array.from({ length: 10 }, (_, i) => {
      const blank = random.chance(0.2);
      const found = [0, 1, 2, 3, 4].filter(() => !blank && random.chance(0.5));
      return row(i + 1, ...found.map((column) => number(a1(column, i + 1), random.below(1000))));
    });
    const bytes = bookOf(
      rows,
      boxes.map(({ top, left, bottom, right }) => `${a1(left, top)}:${a1(right, bottom)}`),
    );
    const plain = cellsOfLines((await extractFirst(bytes, 2, 5)).lines);
    const expected = filledPlainly(plain, boxes, 2, 5);
    if (expected === null) {
      refused++;
      expect((await refusalOfExtract(bytes, 2, 5, { merged: 'fill' })).message, `seed ${seed}`).toContain(
        'overlaps',
      );
      continue;
    }
    const extract = await extractFirst(bytes, 2, 5, { merged: 'fill' });
    const filled = cellsOfLines(extract.lines);
    expect(filled, `seed ${seed}`).toEqual(expected);
    expect(extract.merged?.filled ?? 0, `seed ${seed}`).toBe(
      Object.keys(expected).length - Object.keys(plain).length,
    );
    if ((extract.merged?.filled ?? 0) > 0) changed++;
  }
  expect(Math.min(refused, changed)).toBeGreaterThan(30);
}, 300_000);
