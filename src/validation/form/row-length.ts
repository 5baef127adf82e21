import type { FindingEntry } from '../../checks/finding-entry.ts';
import { wordsOf } from '../../checks/wording.ts';
import type { Severity } from '../../domain/finding.ts';
import { ROW_BIT, rowMask } from '../bits.ts';
import { MESSAGES } from '../messages.ts';
import type { SourceEnv } from '../source-env.ts';

export const entries: readonly FindingEntry[] = [
  {
    code: 'extra-cell',
    title: 'A row has more cells than there are columns',
    meaning:
      'The row goes on past the last header, so its values may have slipped into the wrong columns. In a workbook and in JSON lines, where each value has its column, `headers: {extra: ignore}` allows it.',
    example: 'A comma inside a text that is not in quotes.',
    cure: 'Put the text in quotes, or remove the extra cell.',
  },
  {
    code: 'missing-cell',
    title: 'A row has fewer cells than there are columns',
    meaning: 'The line ends before the last column.',
    example: 'A line cut off in the middle.',
    cure: 'Complete the line.',
  },
  {
    code: 'unsure-cells',
    title: 'The quotes of a row make no sense',
    meaning:
      'A quote of a text file is missing, too many or in the wrong place, so where the cells of the row begin and end is not sure. A sign for inches such as 10" alone is no fault.',
    example: 'The line `2,33.83"Shirt, Plaid",b`, which lacks the comma before the quoted text.',
    cure: 'Open the file in a text editor, and fix the quotes of the line.',
  },
];

export async function checkRowLength(env: SourceEnv): Promise<void> {
  const width = env.layout.headers.length;
  const found = await env.engine.row(
    `SELECT count(*) FILTER (${rowMask} & ${ROW_BIT.extraCell} <> 0) AS extra,
            count(*) FILTER (${rowMask} & ${ROW_BIT.missingCell} <> 0) AS missing,
            count(*) FILTER (${rowMask} & ${ROW_BIT.unsureCells} <> 0) AS unsure,
            count(*) FILTER (${rowMask} & ${ROW_BIT.beside} <> 0) AS beside FROM ${env.rows.data} WHERE m IS NOT NULL`,
  );
  const rows = (bit: number) =>
    `SELECT rid FROM ${env.rows.data} WHERE m IS NOT NULL AND ${rowMask} & ${bit} <> 0`;
  type Id = 'extra-cell' | 'extra-cell.beside' | 'missing-cell' | 'unsure-cells';
  const add = async (id: Id, bit: number, count: unknown) => {
    if (Number(count) === 0) return;
    const severity: Severity = id === 'extra-cell.beside' ? 'info' : 'error';
    const about = { name: id, severity, columns: [] };
    await env.faults.add({ ...about, ...wordsOf(MESSAGES[id], { width }) }, rows(bit));
  };
  await add('extra-cell', ROW_BIT.extraCell, found.extra);
  await add('extra-cell.beside', ROW_BIT.beside, found.beside);
  await add('missing-cell', ROW_BIT.missingCell, found.missing);
  await add('unsure-cells', ROW_BIT.unsureCells, found.unsure);
}
