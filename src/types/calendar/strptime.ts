import { TidemarkError } from '../../errors/tidemark-error.ts';

/** Years 0001 to 9999. */
export const YEAR = '(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])';

/** An offset from UTC: from -14:00 to +14:00, more than any offset in use. */
export const HOURS_AHEAD = '[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?';

/** The form of each specifier. The engine accepts `25` as the year 25, so a pattern matches the text first. */
const SHAPES: Record<string, string> = {
  Y: YEAR,
  y: '[0-9]{2}',
  m: '[0-9]{1,2}',
  d: '[0-9]{1,2}',
  H: '[0-9]{1,2}',
  I: '[0-9]{1,2}',
  M: '[0-9]{1,2}',
  S: '[0-9]{1,2}',
  f: '[0-9]{1,6}',
  j: '[0-9]{1,3}',
  b: '[A-Za-z]{3}',
  B: '[A-Za-z]{3,9}',
  a: '[A-Za-z]{3}',
  A: '[A-Za-z]{6,9}',
  p: '[AaPp][Mm]',
  z: `(${HOURS_AHEAD}|Z)`,
  '%': '%',
};
const SHORT: Record<string, string> = { F: '%Y-%m-%d', T: '%H:%M:%S', R: '%H:%M', D: '%m/%d/%y', e: '%d' };

export type FormatPart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'value';
      readonly letter: string;
      /** The pattern that its text must match. */
      readonly shape: string;
    };

/** A strptime format in its parts; refuses unknown specifiers, and a format without any %. */
export function partsOf(format: string, field: string): readonly FormatPart[] {
  const full = written(format);
  const parts: FormatPart[] = [];
  for (let i = 0; i < full.length; i++) {
    const char = full[i] as string;
    const last = parts.at(-1);
    if (char !== '%') {
      if (last?.kind === 'text') parts[parts.length - 1] = { kind: 'text', text: last.text + char };
      else parts.push({ kind: 'text', text: char });
      continue;
    }
    if (full[i + 1] === '-') i++;
    const letter = full[++i] ?? '';
    const shape = SHAPES[letter];
    if (shape === undefined) throw unknownFormat(format, field, `it has %${letter}`);
    // Without separators, 2025113 could be the third of November or the thirteenth of January: then each part has all
    // its digits.
    const beside = last?.kind === 'value' || /^%-?[YymdHIMSj]/.test(full.slice(i + 1));
    parts.push({ kind: 'value', letter, shape: beside ? shape.replace(/\{1,([23])\}$/, '{$1}') : shape });
  }
  if (parts.every(({ kind }) => kind === 'text')) throw unknownFormat(format, field, 'it has no % in it');
  return parts;
}

/** The short forms written out. */
function written(format: string): string {
  return format.replace(/%-?([FTRDe])/g, (_, letter: string) => SHORT[letter] ?? '');
}

/** A strptime format in the engine's form, and the pattern that text must match before it is read with the format. */
export function strptimeFormat(
  format: string,
  field: string,
): { readonly format: string; readonly pattern: string } {
  const pattern = partsOf(format, field)
    .map((part) => (part.kind === 'text' ? part.text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&') : part.shape))
    .join('');
  return { format: written(format), pattern };
}

function unknownFormat(format: string, field: string, why: string): TidemarkError {
  const known = Object.keys(SHAPES)
    .map((letter) => `%${letter}`)
    .join(' ');
  return new TidemarkError('bad-config', {
    message: `Field '${field}': the format '${format}' cannot be used, ${why}. Known are ${known}.`,
    hint: 'Fix the format of this field in the configuration, then run `tidemark config check`.',
  });
}
