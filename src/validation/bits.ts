/**
 * What is wrong with a row or a cell, as bits, so that each sound row costs only a null. A row's mask is a list: first
 * the row's own bits, then one number per column.
 */
export const ROW_BIT = {
  blank: 1,
  footer: 2,
  extraCell: 4,
  missingCell: 8,
  header: 16,
  skipped: 32,
  unsureCells: 64,
  /** Values to the right of the last header that are allowed: the row's cells are judged as usual. */
  beside: 128,
  /** The totals row of a workbook's table. */
  totals: 256,
} as const;
/** The bits of rows whose cells are not judged, because they are not data or are in the wrong columns. */
export const NOT_JUDGED = 0xffff & ~ROW_BIT.beside;
/** Besides the bits of rows: a cell of the row has a mask. */
export const CELL_UNSOUND = 0x8000;

export const CELL_BIT = {
  errorCell: 1,
  badCharacter: 2,
  type: 4,
  required: 8,
  pattern: 16,
  enum: 32,
  minimum: 64,
  maximum: 128,
  minLength: 256,
  maxLength: 512,
  slice: 1024,
  numberInText: 2048,
  digitsLost: 4096,
  percentInText: 8192,
  offsetDropped: 16384,
  /** A date that a workbook holds as text, day and month first: no fault by itself, see checks/mixed-dates.ts. */
  dateText: 32768,
} as const;
export type CellFault = keyof typeof CELL_BIT;

/** Bits that reject the row. */
const CELL_ERRORS = CELL_BIT.slice * 2 - 1;
/** From here on: trimming blanks at both ends changed the cell, then each cleaning step of the field. */
const FIRST_CLEAN_BIT = 16;
const LAST_CLEAN_BIT = 31;

/** Bit of the step at `index`; 0 is the trimming of blanks. Steps past the last bit share it. */
export function cleanBit(index: number): number {
  return 2 ** Math.min(FIRST_CLEAN_BIT + index, LAST_CLEAN_BIT);
}

/** Bits of rows that are not data, wherever they are. */
export const NO_DATA = ROW_BIT.blank | ROW_BIT.header | ROW_BIT.skipped | ROW_BIT.totals;

/** Bits of rows whose cells do not belong to the columns. */
export const RAGGED = ROW_BIT.extraCell | ROW_BIT.missingCell | ROW_BIT.unsureCells;

/** Faults of a column that reject the row, according to the rules of its field. */
export function errorBits(kept: ReadonlyMap<number, number>, index: number): number {
  return CELL_ERRORS & ~(kept.get(index) ?? 0);
}

/** The mask of a row or of a column (by index) as SQL; lists count from 1. */
export const rowMask = 'm[1]';
export function cellMask(index: number): string {
  return `m[${index + 2}]`;
}
