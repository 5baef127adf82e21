/**
 * The contract of every reader: a file becomes sheets of raw cells with their addresses, or one relation of raw text
 * that DuckDB can scan. Readers never type a value; the contract of the dataset does that later.
 */

/**
 * What kind of cell the text came from; one character, so that a row's kinds are one short string.
 * `s` text · `n` number · `z` whole number whose format is zeros only (text is the digits shown) · `d` date or
 * datetime (ISO 8601) · `t` time or duration (`HH:MM:SS[.mmm]`, hours may pass 24) · `b` boolean (TRUE/FALSE) ·
 * `e` error cell (`#N/A`, or `#FORMULA` for a formula without a cached value; in JSON a member that stands twice) · `_` blank.
 * JSON has two of its own: `w` number with its digits as written, never a binary one · `l` one of its words true and false.
 */
export type CellKind = 's' | 'n' | 'z' | 'd' | 't' | 'b' | 'e' | 'w' | 'l' | '_';

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
  /** Quotes of a text file make no sense in it: where its cells begin and end is not sure. */
  readonly unsure?: true;
}

export interface SheetInfo {
  /** Sheet name; null for formats without sheets. */
  readonly name: string | null;
  /** 1-based position in workbook order. */
  readonly index: number;
  readonly visible: boolean;
  /** The workbook lacks its cells: it is refused when it is asked for, and the others are read. */
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
  /** `fill`: every cell of a merged range has the value of its first one. Otherwise the first one alone has it. */
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
  /** The first row of each, from top to bottom: what begins below the last row of data is not among it. */
  readonly firstRows: readonly number[];
  /** The first few, as in `B3:B7`. */
  readonly first: readonly string[];
  /** Cells that were given the value of their range. */
  readonly filled: number;
  /** Of these, numbers. */
  readonly numbers: number;
  /** Cells under a range with a value of their own, which stands. */
  readonly kept: number;
}

/**
 * Raw rows laid out so that DuckDB scans them without quoting rules.
 *
 * Both forms are UTF-8 text, records end with `\n`, cells are divided by `delimiter`, and nothing is quoted.
 * - `lines`: the delivered file itself (or its UTF-8 copy), when every line is a record: no quote character, no blank
 *   line, no lone CR. Row numbers are `firstRow`, `firstRow + 1`, … in file order; the first `skip` lines are not data.
 *   A record may still have too few or too many cells: the scan must notice, and call `tokenize()` to get the exact form.
 * - `canonical`: a scratch file whose columns are `_row`, `_n` (number of cells the record really has; for workbooks
 *   never below width, and above it when a cell beyond width is not blank; 0: the quotes of a text file's record make no
 *   sense, so that its cells are not sure), `_kinds` (one CellKind a cell, width
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
      /** The exact form of the same data, by our own tokenizer; slower, and right for every ragged or quoted file. */
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
  /** Wholly empty rows between data rows that were left out. */
  readonly blankRows: number;
  readonly hiddenRows: number;
  /** Letters of hidden columns among those that were laid out. */
  readonly hiddenColumns?: readonly string[];
  /** Letters of a workbook's columns whose formulas all left 0, as programs do that calculate nothing. */
  readonly zeroFormulas?: readonly string[];
  /** Of the tables on a workbook's sheet, wherever they stand. */
  readonly totalsRows?: readonly TotalsRow[];
  /** Things the analyst should know about how the file was read, as sentences with counts. */
  readonly notes: readonly string[];
  /** Where the sheet has any in its data. */
  readonly merged?: MergedCells;
  /** Where a text file has any. */
  readonly swallowed?: SwallowedRows;
  /** The first line of a text file that looks like another code page than Windows-1252, which was but guessed. */
  readonly foreignLine?: number | null;
}

/** A row that a workbook's table says is its totals row, and the columns of the table. */
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
  /** Such lines in all of them. */
  readonly rows: number;
  /** Lines of the first few cells, as in `3–50`. */
  readonly first: readonly string[];
}

export interface TextDialect {
  readonly delimiter: string;
  readonly quote: string;
  readonly encoding: string;
  /** Another delimiter that explains the file as well, where this one was but detected; null: there is no doubt. */
  readonly rival: string | null;
}

export interface Source {
  readonly format: 'xlsx' | 'text' | 'jsonl';
  /** For text: what was detected or given. */
  readonly dialect?: TextDialect;
  sheets(): Promise<readonly SheetInfo[]>;
  /** The first `count` rows that are not wholly blank, with true row numbers. */
  head(sheet: SheetInfo, count: number): Promise<readonly RawRow[]>;
  /** Every row in order, bounded memory. */
  rows(sheet: SheetInfo): AsyncIterable<RawRow>;
  /** Merged ranges that reach below a row, in the first `width` columns, from top to bottom; only workbooks have any. */
  merged?(sheet: SheetInfo, headerRow: number, width: number): Promise<readonly MergedRange[]>;
  /** Lays the data rows out for DuckDB. */
  extract(spec: ExtractSpec): Promise<Extract>;
  close(): Promise<void>;
}
