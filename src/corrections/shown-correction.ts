import type { Dataset } from '../domain/dataset.ts';
import { MASK } from '../domain/shown-value.ts';
import type { CellCorrection } from '../ledger/corrections.ts';

/** A correction as log and messages show it: personal data is masked, blank stays blank. */
export function shownCorrection(dataset: Dataset, correction: CellCorrection): CellCorrection {
  const personal = new Set(dataset.fields.filter((field) => field.pii).map((field) => field.name));
  const { key, field, value, expected } = correction;
  const shown = (text: string | null) => (text !== null && personal.has(field) ? MASK : text);
  return {
    key: Object.fromEntries(
      Object.entries(key).map(([name, text]) => [name, personal.has(name) ? MASK : text]),
    ),
    field,
    value: shown(value),
    expected: shown(expected),
  };
}

/** `citizen_id=17: income 10 → 12` */
export function correctionText({ key, field, value, expected }: CellCorrection): string {
  const row = Object.entries(key)
    .map(([name, text]) => `${name}=${text}`)
    .join(', ');
  return `${row}: ${field} ${expected ?? 'blank'} → ${value ?? 'blank'}`;
}
