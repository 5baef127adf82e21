import type { CommandOptions } from '../errors/advice.ts';

/** What tells deliveries of the same dataset and period apart: names and values from the file name. */
export type Slice = readonly (readonly [name: string, value: string])[];

const NO_SLICE: Slice = [];

/** Canonical text, in the order of the names in the pattern: `board=AQA/level=gcse`, percent-encoded; '' for none. */
export function sliceText(slice: Slice): string {
  return slice.map(([name, value]) => `${encodePart(name)}=${encodePart(value)}`).join('/');
}

export function parseSlice(text: string): Slice {
  if (text === '') return NO_SLICE;
  return text.split('/').map((pair) => {
    const at = pair.indexOf('=');
    return [decodeURIComponent(pair.slice(0, at)), decodeURIComponent(pair.slice(at + 1))] as const;
  });
}

/** The same text for slices that differ only in case, blanks or accents. */
export function foldedSlice(slice: Slice): string {
  const folded = (value: string) =>
    value
      .normalize('NFKD')
      .replace(/[\p{M}\s]/gu, '')
      .toLowerCase();
  return sliceText(slice.map(([name, value]) => [name, folded(value)] as const));
}

/** A slice as people read and type it: `exam_board=AQA level=gcse`. */
export function sliceShown(text: string): string {
  return parseSlice(text)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** A slice as options of a command; none for no slice. */
export function sliceOptions(slice: Slice | string): CommandOptions {
  const pairs = typeof slice === 'string' ? parseSlice(slice) : slice;
  return pairs.length === 0 ? {} : { slice: pairs.map(([name, value]) => `${name}=${value}`) };
}

/** For file names and folders: everything but letters, digits, `-`, `.` and `~` is percent-encoded, a leading dot too. */
export function encodePart(text: string): string {
  const encoded = encodeURIComponent(text).replace(
    /[!'()*_]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return encoded.startsWith('.') ? `%2E${encoded.slice(1)}` : encoded;
}

/** What a call asks for: a value for each name, or several values of which a slice may have any one. */
export type SliceFilter = ReadonlyMap<string, string | readonly string[]>;

/** What a call asks for, as options of a command. */
export function filterOptions(asked: SliceFilter): CommandOptions {
  const slice = [...asked].flatMap(([name, wanted]) => [wanted].flat().map((value) => `${name}=${value}`));
  return slice.length === 0 ? {} : { slice };
}

/**
 * The slices that a filter lists, for use where it is not known which slices exist; for an empty filter, one without
 * values.
 */
export function slicesAsked(asked: SliceFilter): Slice[] {
  let slices: Slice[] = [NO_SLICE];
  for (const [name, wanted] of asked) {
    slices = slices.flatMap((slice) => [wanted].flat().map((value) => [...slice, [name, value] as const]));
  }
  return slices;
}

/** Whether a slice is among those asked for; names that the filter lacks may hold anything. */
export function sliceMatches(slice: Slice, asked: SliceFilter): boolean {
  const own = new Map(slice);
  return [...asked].every(([name, wanted]) => {
    const value = own.get(name);
    return typeof wanted === 'string' ? value === wanted : value !== undefined && wanted.includes(value);
  });
}
