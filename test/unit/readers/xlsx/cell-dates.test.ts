import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellsIn } from './tiny-workbook.ts';

async function shown(
  format: string | number,
  serials: readonly (number | string)[],
  properties?: string,
): Promise<string[]> {
  const cells = serials.map((serial, i) => `<c r="A${i + 1}" s="1"><v>${serial}</v></c>`);
  const rows = cells.map((cell, i) => `<row r="${i + 1}">${cell}</row>`).join('');
  const found = await cellsIn({ rows, formats: [format], ...(properties ? { properties } : {}) });
  return serials.map((_, i) => found[`A${i + 1}`] ?? '');
}

test('serials of the 1900 system count days, with those before the false leap day one off', async () => {
  expect(await shown('yyyy-mm-dd', [1, 59, 60, 61, 25569, 45292, 2958465])).toEqual([
    'd:1900-01-01',
    'd:1900-02-28',
    'e:#DATE',
    'd:1900-03-01',
    'd:1970-01-01',
    'd:2024-01-01',
    'd:9999-12-31',
  ]);
});

test('serials before the first day and past year 9999 are error cells', async () => {
  expect(await shown('yyyy-mm-dd', [0, -1, 2958466, 1e15])).toEqual([
    'e:#DATE',
    'e:#DATE',
    'e:#DATE',
    'e:#DATE',
  ]);
});

test.each(['1', 'true', 'on'])('date1904="%s" moves the first day to 1904', async (value) => {
  const properties = `<workbookPr date1904="${value}"/>`;
  expect(await shown('yyyy-mm-dd', [0, 1, 43830, 2957003, 2957004, -1], properties)).toEqual([
    'd:1904-01-01',
    'd:1904-01-02',
    'd:2024-01-01',
    'd:9999-12-31',
    'e:#DATE',
    'e:#DATE',
  ]);
});

test('date1904="0" is the 1900 system', async () => {
  expect(await shown('yyyy-mm-dd', [45292], '<workbookPr date1904="0"/>')).toEqual(['d:2024-01-01']);
});

test('times keep their milliseconds, and no rounding leads into the next day', async () => {
  expect(await shown(22, [45292.5, 45292.000011574, 45292.9999999, 45292.52083333333])).toEqual([
    'd:2024-01-01T12:00:00',
    'd:2024-01-01T00:00:01',
    'd:2024-01-01T23:59:59.991',
    'd:2024-01-01T12:30:00',
  ]);
  // The last millisecond of June, half of one, and a midnight that was calculated.
  const june = 45838 + 86_399_999 / 86_400_000;
  expect(await shown('yyyy-mm-dd', [june, 45838.999999997, 45838.9999999999, 45838.99999999999])).toEqual([
    'd:2025-06-30T23:59:59.999',
    'd:2025-06-30T23:59:59.999',
    'd:2025-06-30T23:59:59.999',
    'd:2025-07-01',
  ]);
});

test('serials of eight places are the milliseconds they were made from', async () => {
  const times = fc.integer({ min: 0, max: 86_399_999 });
  await fc.assert(
    fc.asyncProperty(fc.array(times, { minLength: 50, maxLength: 50 }), async (moments) => {
      const serials = moments.map((time) => (45838 + time / 86_400_000).toFixed(8));
      const wanted = moments.map((time) => {
        const clock = new Date(time)
          .toISOString()
          .slice(11, 23)
          .replace(/\.000$/, '');
        return clock === '00:00:00' ? 'd:2025-06-30' : `d:2025-06-30T${clock}`;
      });
      expect(await shown(22, serials)).toEqual(wanted);
    }),
    { numRuns: 20, seed: 11 },
  );
});

test('every millisecond comes back as it was written, in its own day', async () => {
  const moments = fc.integer({ min: Date.UTC(1900, 2, 1), max: Date.UTC(2199, 11, 31, 23, 59, 59, 999) });
  await fc.assert(
    fc.asyncProperty(fc.array(moments, { minLength: 50, maxLength: 50 }), async (times) => {
      const serials = times.map((time) => time / 86_400_000 + 25_569);
      const wanted = times.map((time) => {
        const iso = new Date(time).toISOString().slice(0, 23);
        return `d:${iso.replace(/\.000$/, '').replace(/T00:00:00$/, '')}`;
      });
      expect(await shown(22, serials)).toEqual(wanted);
    }),
    { numRuns: 20, seed: 12 },
  );
});

test('a time of day is a time, with a date in front when there is one', async () => {
  expect(await shown('hh:mm:ss', [0, 0.5, 0.25001, 0.9999999, 45292.5])).toEqual([
    't:00:00:00',
    't:12:00:00',
    't:06:00:00.864',
    't:23:59:59.991',
    'd:2024-01-01T12:00:00',
  ]);
});

test('durations go past 24 hours', async () => {
  expect(await shown('[h]:mm', [0.5, 1.5, 100, -0.5])).toEqual([
    't:12:00:00',
    't:36:00:00',
    't:2400:00:00',
    't:-12:00:00',
  ]);
  expect(await shown(46, [1.0001])).toEqual(['t:24:00:08.640']);
  expect(await shown('[mm]:ss', [1.5])).toEqual(['t:36:00:00']);
});

test.each([
  [14, true],
  [17, true],
  [22, true],
  [30, true],
  [57, true],
  [0, false],
  [1, false],
  [9, false],
  [44, false],
  [49, false],
  ['d/m/yyyy', true],
  ['mmm-yy', true],
  ['[$-407]d. mmmm yyyy', true],
  ['[Red]yyyy-mm-dd;@', true],
  ['yyyy"年"m"月"d"日"', true],
  ['[$-F800]dddd, mmmm dd, yyyy', true],
  ['dd\\.mm\\.yyyy', true],
  ['yyyymmdd', true],
  ['yyyy-mm-ddThh:mm:ssZ', true],
  ['yyyy-mm-ddThh:mm:ss.000', true],
  ["yyyy-MM-dd'T'HH:mm:ss", true],
  ['Q\\ yyyy', true],
  ['Q yyyy', true],
  ['Q', false],
  ['[<100]0;yyyy-mm-dd', true],
  ['yyyy年m月d日', true],
  ['yyyy/m/d(aaa)', true],
  ['[$-411]ge.m.d', true],
  ['B2yyyy', true],
  ['G/通用格式', false],
  ['Общий', false],
  ['General', false],
  ['Standard', false],
  ['Estándar', false],
  ['0\\d', false],
  ['"Year" 0', false],
  ['#,##0" days"', false],
  ['[Magenta]0.0', false],
  ['[Black]General', false],
  ['0;[Red]-0;"ymd"', false],
  ['_-* #,##0.00\\ "kr"_-', false],
  ['General" kg"', false],
  ['@', false],
  ['# ?/?', false],
  ['00-00-00', false],
  ['0.00E+00', false],
  [';;;', false],
] as const)('format %j on a serial of today is a date: %j', async (format, isDate) => {
  expect(await shown(format, [45292])).toEqual([isDate ? 'd:2024-01-01' : 'n:45292']);
});

test.each([18, 21, 45, 47, 'h:mm AM/PM', 'mm:ss.0', '上午/下午h:mm', 'h "o\'clock"'] as const)(
  'format %j is a time of day',
  async (format) => {
    expect(await shown(format, [0.75])).toEqual(['t:18:00:00']);
  },
);

test('a style that is not in the table is a plain number', async () => {
  expect(
    await cellsIn({ rows: '<row r="1"><c r="A1" s="99"><v>45292</v></c></row>', formats: [14] }),
  ).toEqual({ A1: 'n:45292' });
});
