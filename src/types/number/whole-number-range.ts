import type { Field } from '../../domain/dataset.ts';
import type { OutOfRange } from '../words.ts';
import { ALIKE, escaped } from './number-signs.ts';

const LARGEST = 2n ** 63n - 1n;
const SMALLEST = -(2n ** 63n);

/** Why a whole number does not fit into a whole-number field: it is too large or too small; null for any other text and field. */
export function outOfRange(field: Field, value: string | null): OutOfRange | null {
  if (field.type !== 'integer' || value === null) return null;
  const group = field.groupChar === null ? null : (ALIKE[field.groupChar] ?? escaped(field.groupChar));
  const signs = group?.replace(/\\x\{([0-9A-F]+)\}/g, '\\u{$1}');
  const bare = value.trim().replace('\u2212', '-');
  const plain = (signs === undefined ? bare : bare.replace(new RegExp(signs, 'gu'), '')).replace(/^\+/, '');
  if (!/^-?\d+$/.test(plain)) return null;
  const number = BigInt(plain);
  if (number > LARGEST) return { how: 'large', limit: String(LARGEST) };
  return number < SMALLEST ? { how: 'small', limit: String(SMALLEST) } : null;
}
