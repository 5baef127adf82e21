import { ROW_BIT, rowMask } from '../bits.ts';
import type { CheckEnv } from '../check-env.ts';
import type { CatalogueEntry } from './entry.ts';

export const entries: readonly CatalogueEntry[] = [
  {
    code: 'extra-cell',
    title: 'A row has more cells than there are columns',
    meaning: 'The row goes on past the last header, so its values may have slipped into the wrong columns.',
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
];

export async function checkRowLength(env: CheckEnv): Promise<void> {
  const width = env.layout.headers.length;
  const found = await env.scratch.row(
    `SELECT count(*) FILTER (${rowMask} & ${ROW_BIT.extraCell} <> 0) AS extra,
            count(*) FILTER (${rowMask} & ${ROW_BIT.missingCell} <> 0) AS missing FROM d WHERE m IS NOT NULL`,
  );
  const rows = (bit: number) => `SELECT rid FROM d WHERE m IS NOT NULL AND ${rowMask} & ${bit} <> 0`;
  if (Number(found.extra) > 0) {
    const summary = `The row has more than ${width} cells`;
    const fix = () =>
      'Remove what stands to the right of the last column, or put text with a delimiter in quotes.';
    await env.faults.add(
      {
        code: 'extra-cell',
        name: 'extra-cell',
        severity: 'error',
        columns: [],
        summary,
        message: () => `${summary}, so values may be in the wrong columns.`,
        fix,
      },
      rows(ROW_BIT.extraCell),
    );
  }
  if (Number(found.missing) > 0) {
    const summary = `The row has fewer than ${width} cells`;
    await env.faults.add(
      {
        code: 'missing-cell',
        name: 'missing-cell',
        severity: 'error',
        columns: [],
        summary,
        message: () => `${summary}; it may be cut off.`,
        fix: () => 'Complete the row.',
      },
      rows(ROW_BIT.missingCell),
    );
  }
}
