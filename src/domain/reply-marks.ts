/** Marks by which a filled-in corrections.xlsx is recognised and read; its file name does not matter. */
export const REPLY_PROPERTIES = { fileId: 'file_id', sha256: 'sha256' } as const;

/** The same marks again in cells of the first sheet, because some programs drop custom properties when they save. */
export const SUMMARY_SHEET = 'Summary';
export const SUMMARY_MARKS = { fileId: 'Delivery', sha256: 'Fingerprint' } as const;

export const PROBLEMS_SHEET = 'Problems';

/**
 * Headings of the sheet of problems, both in corrections.xlsx and in the annotated copy. A reply is read by the
 * headings of the cell, the sheet, the row and the three columns that people fill in.
 */
export const HEADINGS = {
  cell: 'Cell',
  sheet: 'Sheet',
  row: 'Row',
  field: 'Column',
  value: 'Value',
  message: 'What is wrong',
  fix: 'How to fix it',
  suggestion: 'Did you mean',
  corrected: 'Corrected value',
  emptyCell: 'Empty cell',
  deleteRow: 'Delete row',
} as const;

/** Written into 'Empty cell' and 'Delete row'. */
export const YES = 'yes';

/** In workbooks of earlier versions, which have no column 'Empty cell', this text empties a cell. */
export const BLANK_WORD = '(blank)';
