export const LF = 10;
export const CR = 13;
export const ESC = 0x1b;
export const SEP = 0x1f;

/** What the next byte belongs to. */
export const CELL_START = 0;
export const PLAIN = 1;
export const QUOTED = 2;
/** After a quote inside a quoted cell: it closed the cell, or was the first of two quotes that mean one. */
export const QUOTE_SEEN = 3;
export const ESCAPE_SEEN = 4;

/** The second character of the escape that the canonical form has for a byte. */
export function escapeCode(byte: number): number {
  return byte === LF ? 0x6e : byte === CR ? 0x72 : byte === SEP ? 0x75 : 0x65;
}
