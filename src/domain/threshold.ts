/** A share (`5%` is 0.05) or an absolute count. */
export type Threshold =
  | { readonly kind: 'share'; readonly value: number; readonly text: string }
  | { readonly kind: 'count'; readonly value: number; readonly text: string };

/** Reads `5%` as a share and `10` as a count. */
export function resolveThreshold(written: number | string): Threshold {
  if (typeof written === 'number') return { kind: 'count', value: written, text: String(written) };
  return { kind: 'share', value: Number.parseFloat(written) / 100, text: written.replace(/\s/g, '') };
}

/** The number of rows that a threshold allows of a whole. A share must not fail because of its last binary digit. */
export function allowedOf(limit: Threshold, whole: number): number {
  return limit.kind === 'count' ? limit.value : Math.abs(whole) * limit.value * (1 + 1e-12);
}
