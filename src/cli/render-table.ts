import { neutralise } from './log.ts';

type Shown = string | number | bigint | boolean | null;

/** Columns side by side, numbers aligned to the right; texts longer than `most` characters are cut. */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly Shown[])[],
  indent = '  ',
  most = 48,
): string {
  const texts = rows.map((row) => row.map((cell) => shorten(cell === null ? '' : String(cell), most)));
  const widths = header.map((name, i) => Math.max(name.length, ...texts.map((row) => row[i]?.length ?? 0)));
  const right = header.map(
    (_, i) => rows.length > 0 && rows.every((row) => row[i] === null || isNumber(row[i])),
  );
  const line = (cells: readonly string[]) =>
    indent +
    cells
      .map((cell, i) => (right[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(header), ...texts.map(line)].map((text) => `${text}\n`).join('');
}

function isNumber(cell: Shown | undefined): boolean {
  return (
    typeof cell === 'number' ||
    typeof cell === 'bigint' ||
    (typeof cell === 'string' && /^-?\d[\d,]*(\.\d+)?$/.test(cell))
  );
}

function shorten(text: string, most: number): string {
  const safe = neutralise(text).replaceAll('\n', ' ');
  return safe.length > most ? `${safe.slice(0, most - 1)}…` : safe;
}
