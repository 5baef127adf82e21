/**
 * The contract of every reader: a file becomes sheets of raw cells with their addresses, or one relation of raw text
 * that DuckDB can scan. Readers never type a value; the contract of the dataset does that later.
 */

/**
 * What kind of cell the text came from; one character, so that a row's kinds are one short string.
 * `s` text · `n` number · `z` whole number whose format is zeros only (text is the digits shown) · `d` date or
 * datetime (ISO 8601) · `t` time or duration (`HH:MM:SS[.mmm]`, hours may pass 24) · `b` boolean (TRUE/FALSE) ·
 * `e` error cell (`#N/A`, or `#FORMULA` for a formula without a cached value; in JSON a member that occurs twice) · `_` blank.
 * JSON has two more: `w` number with its digits as written · `l` one of its words true and false.
 */
export type CellKind = 's' | 'n' | 'z' | 'd' | 't' | 'b' | 'e' | 'w' | 'l' | 'o' | '_';

export interface RawCell {
  /** Raw text; empty for a blank cell. Numbers in their shortest round-trip text. */
  readonly text: string;
  readonly kind: CellKind;
}

export interface RawRow {
  /** 1-based: the row as Excel shows it; for text files the line the record starts on. */
  readonly row: number;
  /** By position: cells[0] is column A. Trailing blanks may be left out. */
  readonly cells: readonly RawCell[];
  /** The quotes of a text file's row make no sense, so it is not sure where its cells begin and end. */
  readonly unsure?: true;
}

export interface SheetInfo {
  /** Sheet name; null for formats without sheets. */
  readonly name: string | null;
  /** 1-based position in workbook order. */
  readonly index: number;
  readonly visible: boolean;
  /**
   * The workbook lacks the cells of this sheet: it is refused when this sheet is asked for, and its other sheets can be
   * read.
   */
  readonly missing?: true;
}

export interface ExtractSpec {
  readonly sheet: SheetInfo;
  /** The header row's number (1-based, as in RawRow.row); rows after it are data. 0: no header, all rows are data. */
  readonly headerRow: number;
  /** How many columns to extract: c0 … c(width-1). */
  readonly width: number;
  /** An existing folder for scratch files; the caller removes it. */
  readonly scratch: string;
  /** `fill`: every cell of a merged range has the value of its first cell. Otherwise only the first cell has it. */
  readonly merged?: 'fill' | 'keep' | 'refuse';
}

/** Rows from 1, columns from 0, both ends included. */
export interface MergedRange {
  readonly firstRow: number;
  readonly firstColumn: number;
  readonly lastRow: number;
  readonly lastColumn: number;
}

/** Merged ranges that reach into the rows below the header of a workbook's sheet. */
export interface MergedCells {
  readonly ranges: number;
  /** The first row of each range, from top to bottom; ranges that begin below the last row of data are left out. */
  readonly firstRows: readonly number[];
  /** The first few ranges, as in `B3:B7`. */
  readonly first: readonly string[];
  /** Cells that were given the value of their range. */
  readonly filled: number;
  /** The numbers among these. */
  readonly numbers: number;
  /** Cells under a range that have and keep a value of their own. */
  readonly kept: number;
}

/**
 * Raw rows in a form that DuckDB scans without quoting rules.
 *
 * Both forms are UTF-8 text, records end with `\n`, cells are divided by `delimiter`, and nothing is quoted.
 * - `lines`: the delivered file itself (or its UTF-8 copy), when every line is a record: no quote character, no blank
 *   line, no lone CR. Row numbers are `firstRow`, `firstRow + 1`, … in file order; the first `skip` lines are not data.
 *   A record may still have too few or too many cells: the scan must notice, and call `tokenize()` to get the exact form.
 * - `canonical`: a scratch file whose columns are `_row`, `_n` (number of cells the record really has; for workbooks
 *   never below width, and above it when a cell beyond width is not blank; 0: the quotes of a text file's record make no
 *   sense, so that its cells are not sure), `_kinds` (one CellKind per cell, width
 *   long; empty for text files, meaning all `s`), then c0 … c(width-1). When `escaped`, `\x1b` in a cell starts a
 *   two-character escape: `\x1bn` LF, `\x1br` CR, `\x1bu` the delimiter U+001F, `\x1be` U+001B itself.
 *   The delimiter is U+001F.
 */
export type Extract =
  | {
      readonly form: 'lines';
      readonly path: string;
      readonly delimiter: string;
      readonly newline: '\n' | '\r\n';
      readonly skip: number;
      readonly firstRow: number;
      readonly width: number;
      /**
       * The exact form of the same data, made by our own tokenizer; slower, and right for every ragged or quoted file.
       */
      tokenize(): Promise<CanonicalExtract>;
    }
  | CanonicalExtract;

export interface CanonicalExtract {
  readonly form: 'canonical';
  readonly path: string;
  readonly width: number;
  readonly escaped: boolean;
  /** Data rows written. */
  readonly rows: number;
  /** Wholly empty rows between data rows, which were left out. */
  readonly blankRows: number;
  readonly hiddenRows: number;
  /** Letters of hidden columns among those that were written. */
  readonly hiddenColumns?: readonly string[];
  /**
   * Letters of a workbook's columns whose formulas all left 0, because the program that wrote it calculates nothing.
   */
  readonly zeroFormulas?: readonly string[];
  /** Totals rows of the tables on a workbook's sheet, wherever the tables are. */
  readonly totalsRows?: readonly TotalsRow[];
  /** What the analyst should know about how the file was read, as sentences with counts. */
  readonly notes: readonly string[];
  /** Set where the sheet has merged ranges among its data. */
  readonly merged?: MergedCells;
  /** Set where a text file has such cells. */
  readonly swallowed?: SwallowedRows;
  /**
   * The first line of a text file that looks like another code page than Windows-1252, if Windows-1252 was only a
   * guess.
   */
  readonly foreignLine?: number | null;
}

/** A row that is the totals row according to a workbook's table, and the columns of that table. */
export interface TotalsRow {
  readonly row: number;
  /** The table's name. */
  readonly table: string;
  readonly firstColumn: number;
  readonly lastColumn: number;
}

/** Quoted cells of a text file that hold lines which look like rows. */
export interface SwallowedRows {
  readonly cells: number;
  /** Number of such lines in all of them. */
  readonly rows: number;
  /** Lines of the first few cells, as in `3–50`. */
  readonly first: readonly string[];
}

export interface TextDialect {
  readonly delimiter: string;
  readonly quote: string;
  readonly encoding: string;
  /**
   * Another delimiter that explains the file equally well, where the delimiter was only detected; null: there is no
   * doubt.
   */
  readonly rival: string | null;
}

export interface Source {
  readonly format: 'xlsx' | 'text' | 'jsonl';
  /** For text: what was detected or given. */
  readonly dialect?: TextDialect;
  sheets(): Promise<readonly SheetInfo[]>;
  /** The first `count` rows that are not wholly blank, with true row numbers. */
  head(sheet: SheetInfo, count: number): Promise<readonly RawRow[]>;
  /** Every row in order, with bounded memory. */
  rows(sheet: SheetInfo): AsyncIterable<RawRow>;
  /** Merged ranges that reach below a row, in the first `width` columns, from top to bottom; only workbooks have any. */
  merged?(sheet: SheetInfo, headerRow: number, width: number): Promise<readonly MergedRange[]>;
  /** Writes the data rows in a form that DuckDB can scan. */
  extract(spec: ExtractSpec): Promise<Extract>;
  close(): Promise<void>;
}
