import { expect, test } from 'vitest';
import { a1 } from '../../../../src/domain/finding.ts';
import { Random } from './fuzz/random.ts';
import { type Meant, type MeantSheet, writeAnyWay } from './fuzz/write-any-way.ts';
import { type Cells, readCells } from './tiny-workbook.ts';

/** More by TIDEMARK_FUZZ=10000; cases are numbered by their seed. */
const CASES = Number(process.env.TIDEMARK_FUZZ ?? 400);
const FIRST = Number(process.env.TIDEMARK_FUZZ_FROM ?? 1);

const TEXTS = [
  ...[
    'Oslo',
    '007',
    '1E5',
    ' outer ',
    'ü ß é',
    'größer > kleiner < & "',
    "it's",
    'a\nb',
    'a\rb',
    'a\r\nb',
    '_x000D_',
    'tab\there',
    '😀 𝒳',
    'עברית',
  ],
  ...[
    '=1+1',
    '__proto__',
    'TRUE',
    '#N/A',
    '1,234.50',
    '2024-01-01',
    'end]]>',
    '\u00a0nbsp',
    'x\u001fy',
    'ＡＢ',
    '   ',
    'n'.repeat(300),
  ],
];

function anyCell(random: Random): Meant {
  switch (random.below(7)) {
    case 0:
      return { is: 'number', value: (random.next() - 0.5) * 10 ** (random.below(30) - 10) };
    case 1:
      return {
        is: 'number',
        value: random.pick([0, 1, -1, 0.1, 0.1 + 0.2, 1e15, 2 ** 53, -(2 ** 53), 1e21, 1e-7, 123.456, 100]),
      };
    case 2:
      return { is: 'code', value: random.below(2_000_000) };
    case 3:
      return {
        is: 'moment',
        day: random.below(60_000) - 24_000,
        second: random.chance(0.5) ? 0 : random.below(86_400),
      };
    case 4:
      return random.chance(0.5)
        ? { is: 'boolean', value: random.chance(0.5) }
        : { is: 'error', text: random.pick(['#N/A', '#DIV/0!', '#REF!']) };
    default:
      return { is: 'text', text: random.pick(TEXTS) };
  }
}

function anySheet(random: Random): MeantSheet {
  const rows = new Map<number, ReadonlyMap<number, Meant>>();
  let row = 0;
  for (let i = random.below(12); i >= 0; i--) {
    row += random.chance(0.8) ? 1 : 1 + random.below(50);
    const cells = new Map<number, Meant>();
    let column = -1;
    for (let c = random.below(8); c >= 0; c--) {
      column += random.chance(0.8) ? 1 : 1 + random.below(9);
      cells.set(column, anyCell(random));
    }
    rows.set(row, cells);
  }
  return rows;
}

function meantCells(sheet: MeantSheet): Cells {
  const cells: Cells = {};
  for (const [row, found] of sheet)
    for (const [column, meant] of found) cells[a1(column, row)] = shown(meant);
  return cells;
}

function shown(meant: Meant): string {
  switch (meant.is) {
    case 'text':
      return `s:${meant.text}`;
    case 'number': {
      const text = meant.value === 0 ? '0' : String(meant.value);
      return `n:${/e/.test(text) && Math.abs(meant.value) < 1e22 ? meant.value.toLocaleString('en', { useGrouping: false, maximumSignificantDigits: 17, maximumFractionDigits: 40 } as never) : text}`;
    }
    case 'code':
      return `z:${String(meant.value).padStart(5, '0')}`;
    case 'boolean':
      return `b:${meant.value ? 'TRUE' : 'FALSE'}`;
    case 'error':
      return `e:${meant.text}`;
    case 'moment': {
      const iso = new Date((meant.day * 86_400 + meant.second) * 1000).toISOString().slice(0, 19);
      return `d:${iso.replace('T00:00:00', '')}`;
    }
  }
}

test(`${CASES} sheets, each written in two of the many ways that mean the same, read as they are meant`, {
  timeout: 60_000 + CASES * 100,
}, async () => {
  for (let seed = FIRST; seed < FIRST + CASES; seed++) {
    const random = new Random(seed + 2_000_000);
    const sheet = anySheet(random);
    const meant = meantCells(sheet);
    for (const way of ['one way', 'another way']) {
      expect(await readCells(writeAnyWay(sheet, random)), `seed ${seed}, ${way}`).toEqual(meant);
    }
  }
});
