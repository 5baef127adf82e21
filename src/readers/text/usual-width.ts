import type { Dialect } from './dialect.ts';
import { lineEnd, scanRecord } from './scan-record.ts';

/** The number of cells, above one, that most records of a file's head have; null where no record has more than one. */
export function usualWidth(head: Buffer, dialect: Dialect): number | null {
  const ground = { bytes: head, ended: true, dialect, limit: head.length };
  const counts = new Map<number, number>();
  for (let at = 0; at < head.length; ) {
    const record = scanRecord(ground, at);
    if (record === null) break;
    const whole = !record.broken && record.lines === 1;
    if (whole && record.cells > 1) counts.set(record.cells, (counts.get(record.cells) ?? 0) + 1);
    at = record.broken ? (lineEnd(ground, at) ?? head.length) : record.end;
  }
  let usual: { width: number; count: number } | null = null;
  for (const [width, count] of counts) if (usual === null || count > usual.count) usual = { width, count };
  return usual?.width ?? null;
}
