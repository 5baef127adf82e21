import type { Threshold } from '../domain/check.ts';

/** Reads `5%` as a share and `10` as a count. */
export function resolveThreshold(written: number | string): Threshold {
  if (typeof written === 'number') return { kind: 'count', value: written, text: String(written) };
  return { kind: 'share', value: Number.parseFloat(written) / 100, text: written.replace(/\s/g, '') };
}
