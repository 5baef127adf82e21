import { expect, it } from 'vitest';
import { safeCsvLine } from '../../../src/marts/safe-csv-line.ts';

it.each([
  [['a', null, '', 'b c'], 'a,,,b c\r\n'],
  [['a,b', 'say "so"', 'two\nlines', 'cr\rlf'], '"a,b","say ""so""","two\nlines","cr\rlf"\r\n'],
  [
    ['=1+1', '+x', '-x', '@SUM(A1)', '\tx', '\rx', '=cmd|"/c calc"!A1'],
    `'=1+1,'+x,'-x,'@SUM(A1),'\tx,"'\rx","'=cmd|""/c calc""!A1"\r\n`,
  ],
  [['-5', '+4.5', '-1,234.50', '- 5', '-5=1'], '-5,+4.5,"-1,234.50",\'- 5,\'-5=1\r\n'],
])('%j is a line in which nothing runs as a formula', (cells, line) => {
  expect(safeCsvLine(cells)).toBe(line);
});
