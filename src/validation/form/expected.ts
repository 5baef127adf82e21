import type { Field } from '../../domain/dataset.ts';
import { fieldType } from '../../types/registry.ts';

/** What a cell of a field should hold, in an analyst's words. */
export function expected(field: Field): string {
  return fieldType(field).words.expected(field);
}

/** How the text of a pattern looks: an example where one can be made, because few people read patterns. */
export function formOf(pattern: string): string {
  const made = exampleOf(pattern);
  return made === null || made === pattern ? pattern : `${pattern}, such as ${made}`;
}

/** A text that matches a plain pattern of letters, classes and counts; null for any other. */
function exampleOf(pattern: string): string | null {
  let out = '';
  let digit = 0;
  const piece = /^(\[[^\]^\\]+\]|\\d|\\.|[^\\[\](){}|*+?.^$])(\{(\d+)(,\d*)?\}|[+?*])?/;
  for (let rest = pattern.replace(/^\^|\$$/g, ''); rest !== ''; ) {
    const found = piece.exec(rest);
    if (found === null) return null;
    const [whole, what = '', many, count] = found;
    const times = many === undefined || many === '+' ? 1 : count === undefined ? 0 : Number(count);
    if (times > 40) return null;
    for (let n = 0; n < times; n++) {
      if (what === '\\d' || what === '[0-9]') out += String(++digit % 10);
      else if (what.startsWith('[')) out += what[1];
      else if (what.startsWith('\\')) {
        if (/[a-zA-Z0-9]/.test(what[1] ?? '')) return null;
        out += what[1];
      } else out += what;
    }
    rest = rest.slice(whole.length);
  }
  return out === '' ? null : out;
}

/** How to fix a value that does not have its field's type. */
export function typeCure(field: Field, value: string | null): string {
  const cure = value === null ? null : fieldType(field).words.cure(field, value);
  if (cure !== null) return cure;
  return field.constraints.required
    ? `Enter ${expected(field)}.`
    : `Enter ${expected(field)}, or leave the cell blank if it is not known.`;
}
