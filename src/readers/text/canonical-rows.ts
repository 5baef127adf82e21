import type { RawCell, RawRow } from '../reader.ts';

const BLANK: RawCell = { text: '', kind: '_' };
const ESCAPED = new Map([
  ['\x1bn', '\n'],
  ['\x1br', '\r'],
  ['\x1bu', '\x1f'],
  ['\x1be', '\x1b'],
]);

/** Canonical records of a text file, as rows. */
export function canonicalRows(records: Buffer): RawRow[] {
  const rows: RawRow[] = [];
  const text = records.toString('utf8');
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const parts = text.slice(start, end).split('\x1f');
    const cells: RawCell[] = [];
    for (let i = 3; i < parts.length; i++) {
      const part = parts[i] as string;
      cells.push(part === '' ? BLANK : { text: part.includes('\x1b') ? readEscapes(part) : part, kind: 's' });
    }
    rows.push({ row: Number(parts[0]), cells, ...(parts[1] === '0' ? { unsure: true } : {}) });
    start = end + 1;
  }
  return rows;
}

function readEscapes(cell: string): string {
  return cell.replace(/\x1b[nrue]/g, (pair) => ESCAPED.get(pair) as string);
}
