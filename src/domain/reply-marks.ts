/** What a filled-in corrections.xlsx is known by, and read by; never its name. */
export const REPLY_PROPERTIES = { fileId: 'file_id', sha256: 'sha256' } as const;

/** The same once more in the cells of the first sheet, because some programs drop custom properties when they save. */
export const SUMMARY_SHEET = 'Summary';
export const SUMMARY_MARKS = { fileId: 'Delivery', sha256: 'Fingerprint' } as const;

export const PROBLEMS_SHEET = 'Problems';

/**
 * Headings of the sheet of problems, in corrections.xlsx and in the annotated copy alike; a reply is read by those of the
 * cell, the sheet, the row and the three that people fill in.
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

/** In workbooks without the column 'Empty cell', which earlier versions wrote, this empties a cell. */
export const BLANK_WORD = '(blank)';
