import type { CleanStep } from '../domain/dataset.ts';
import { literal } from '../sql/sql.ts';
import { trimmed } from '../types/trimmed.ts';

/** A cell that is missing or holds only blanks. */
export function isBlank(text: string): string {
  return `(${text} IS NULL OR ${trimmed(text)} = '')`;
}

/**
 * Reverses the escapes of the canonical form; U+001B itself last, so that the text after it is not read as an escape.
 */
export function unescaped(text: string): string {
  const steps = [
    ['n', 10],
    ['r', 13],
    ['u', 31],
    ['e', 27],
  ] as const;
  const plain = steps.reduce(
    (out, [code, char]) => `replace(${out}, chr(27) || '${code}', chr(${char}))`,
    text,
  );
  return `(CASE WHEN contains(${text}, chr(27)) THEN ${plain} ELSE ${text} END)`;
}

export function cleanStepName(step: CleanStep): string {
  return typeof step === 'string' ? step : 'map';
}

/** One cleaning operation on text that has no blanks at its ends. */
export function cleaned(step: CleanStep, text: string): string {
  if (typeof step !== 'string') return mapped(step.map, text);
  switch (step) {
    case 'trim':
      return trimmed(text);
    case 'collapse':
      return `regexp_replace(${text}, '[\\s\\x{0085}\\x{00A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}]+', ' ', 'g')`;
    case 'upper':
      return `upper(${text})`;
    case 'lower':
      return `lower(${text})`;
    case 'title':
      return titled(titled(`lower(${text})`, ' '), '-');
    case 'unaccent':
      return `strip_accents(${text})`;
    case 'digits':
      return `regexp_replace(${text}, '[^0-9]', '', 'g')`;
  }
}

function titled(text: string, divider: ' ' | '-'): string {
  const word = `upper(w[1]) || w[2:]`;
  return `array_to_string(list_transform(string_split(${text}, '${divider}'), lambda w: ${word}), '${divider}')`;
}

function mapped(map: ReadonlyMap<string, string>, text: string): string {
  if (map.size === 0) return text;
  const cases = [...map].map(([from, to]) => `WHEN ${literal(from)} THEN ${literal(to)}`);
  return `(CASE ${text} ${cases.join(' ')} ELSE ${text} END)`;
}
