/** What sets a delivery apart from others of its dataset and period, beyond these two: names and values from the file name. */
export type Slice = readonly (readonly [name: string, value: string])[];

export const NO_SLICE: Slice = [];

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

/** For file names and folders: everything but letters, digits, `-`, `.` and `~` is percent-encoded, a leading dot too. */
export function encodePart(text: string): string {
  const encoded = encodeURIComponent(text).replace(
    /[!'()*_]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return encoded.startsWith('.') ? `%2E${encoded.slice(1)}` : encoded;
}

/** Whether a slice has all the asked-for values; names that are not asked for may hold anything. */
export function sliceMatches(slice: Slice, asked: ReadonlyMap<string, string>): boolean {
  const own = new Map(slice);
  return [...asked].every(([name, value]) => own.get(name) === value);
}
