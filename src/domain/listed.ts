const LISTED_WORDS = 8;

/** As many of the values as fit into a sentence, and their number. */
export function listed(values: readonly string[]): string {
  const shown: string[] = [];
  let words = 0;
  for (const value of values) {
    words += value.split(/\s+/).length;
    if (words > LISTED_WORDS && shown.length > 0) break;
    shown.push(value);
  }
  const all = shown.join(', ');
  return shown.length < values.length ? `${all} … (${values.length} in all)` : all;
}
