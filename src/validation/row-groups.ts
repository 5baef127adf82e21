/** Values in a row group: each is in memory until its group is written. */
const GROUP_CELLS = 1 << 22;
const MOST_ROWS = 122_880;
const FEWEST_ROWS = 128;
/** With this many columns, the tables used to find dictionaries would take most of the memory. */
const WIDE = 500;
/** Bytes reserved for the dictionaries of all columns, and for one. */
const DICTIONARIES = 16 << 20;
const MOST_DICTIONARY = 1 << 20;

/** Options of COPY for a Parquet file with that many columns; the same numbers, the same options. */
export function groupOptions(columns: number, mostRows = MOST_ROWS): string {
  const share = (of: number) => Math.floor(of / Math.max(1, columns));
  const rows = Math.max(FEWEST_ROWS, Math.min(mostRows, share(GROUP_CELLS)));
  const page = Math.min(MOST_DICTIONARY, share(DICTIONARIES));
  return `DICTIONARY_SIZE_LIMIT ${columns > WIDE ? 1 : 1000}, STRING_DICTIONARY_PAGE_SIZE_LIMIT ${page}, ROW_GROUP_SIZE ${rows}`;
}
