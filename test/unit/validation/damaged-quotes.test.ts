import { describe, expect, test } from 'vitest';
import { datasetOf, validateText } from './validate-text.ts';

const FIELDS = [{ name: 'id', type: 'integer' }, { name: 'note' }, { name: 'region' }];
const DATASET = datasetOf(FIELDS, { accept: { max_rejected: 2 } });
const HEADER = 'id,note,region\n';

const kept = (rows: readonly Record<string, unknown>[]) => rows.map(({ id, note }) => `${id} ${note}`);

describe('a quote too many', () => {
  test.each([
    ['before a cell', '2,"b,north'],
    ['amid a quoted cell', '2,"b"b",north'],
    ['after a quoted cell', '2,"b"",north'],
    ['before a quoted cell', '2,""b",north'],
  ])('%s is a finding of its row, and all other rows are read', async (_, line) => {
    const text = `${HEADER}1,"a, one",south\n${line}\n3,"c\nd",east\n4,"e, f",west\n`;
    const found = await validateText(DATASET, text);
    expect(found.status).toBe('passed');
    expect(kept(found.accepted)).toEqual(['1 a, one', '3 c\nd', '4 e, f']);
    expect(found.accepted.map((row) => Number(row._source_row))).toEqual([2, 4, 6]);
    expect(found.rows).toEqual({ read: 4, accepted: 3, rejected: 1, blank: 0 });
    expect(found.told).toEqual(['unsure-cells 3:1 -']);
    expect(found.rejectedCsv).toContain(line.replaceAll('"', '""'));
  });

  test('in a row of several lines takes all its lines, and none of them for a row', async () => {
    const text = `${HEADER}1,a,south\n2,"b"x\nTown,County,UK\nend",north\n3,"c, d",east\n`;
    const found = await validateText(DATASET, text);
    expect(kept(found.accepted)).toEqual(['1 a', '3 c, d']);
    expect(found.rows).toMatchObject({ read: 3, rejected: 1 });
    expect(found.told).toEqual(['unsure-cells 3:1 -']);
  });

  test('in the first row of data, without another quote in the file, is a finding of that row', async () => {
    const found = await validateText(DATASET, `${HEADER}1,"a,south\n2,b,north\n3,c,east\n`);
    expect(kept(found.accepted)).toEqual(['2 b', '3 c']);
    expect(found.told).toEqual(['unsure-cells 2:1 -']);
  });

  test('above the header leaves the header where it stands', async () => {
    const found = await validateText(DATASET, `"Report of June,,\n${HEADER}1,"a, b",south\n2,c,north\n`);
    expect(kept(found.accepted)).toEqual(['1 a, b', '2 c']);
    expect(found.findings.error).toBe(0);
  });

  test('in two rows is a finding of each', async () => {
    const found = await validateText(DATASET, `${HEADER}1,"a,south\n2,b,north\n3,"c,east\n4,"d, e",west\n`);
    expect(kept(found.accepted)).toEqual(['2 b', '4 d, e']);
    expect(found.told).toEqual(['unsure-cells 2:1 -', 'unsure-cells 4:1 -']);
  });

  test('refuses the file where its rows can be told apart in two ways', async () => {
    const two = datasetOf([{ name: 'id' }, { name: 'note' }], { accept: { max_rejected: 2 } });
    // Either line 2 has a quote too many, or the quote of line 4 closes nothing.
    await expect(validateText(two, 'id,note\n1,"a\n2,"\nb,c"\n3,d\n')).rejects.toThrow(
      /line 2: a quote is missing or too many near here, and the rows can be told apart in two ways/,
    );
  });

  test('refuses a file of one column, whose rows tell nothing of their width', async () => {
    const one = datasetOf([{ name: 'note' }]);
    await expect(validateText(one, 'note\n"a\nb\n')).rejects.toThrow(/never closed/);
  });

  test('leaves rows with another end of line and another escape exact', async () => {
    const escaped = datasetOf(FIELDS, { accept: { max_rejected: 1 }, source: { escape: '\\' } });
    const text = 'id,note,region\r\n1,"a \\" b",south\r\n2,"b"b",north\r\n3,"c\r\nd",east\r\n';
    const found = await validateText(escaped, text);
    expect(kept(found.accepted)).toEqual(['1 a " b', '3 c\r\nd']);
    expect(found.told).toEqual(['unsure-cells 3:1 -']);
  });
});
