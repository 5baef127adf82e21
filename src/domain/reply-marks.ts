/** What a filled-in corrections.xlsx is known by, and read by; never its name. */
export const REPLY_PROPERTIES = { fileId: 'file_id', sha256: 'sha256' } as const;

/** The same once more in the cells of the first sheet, because some programs drop custom properties when they save. */
export const SUMMARY_SHEET = 'Summary';
export const SUMMARY_MARKS = { fileId: 'Delivery', sha256: 'Fingerprint' } as const;

export const PROBLEMS_SHEET = 'Problems';

/** Headings of the sheet of problems; a reply is read by these three. */
export const HEADINGS = {
  cell: 'Cell',
  sheet: 'Sheet',
  row: 'Row',
  field: 'Field',
  value: 'Value',
  message: 'Message',
  fix: 'Fix',
  suggestion: 'Suggestion',
  corrected: 'Corrected value',
} as const;

/** Written into 'Corrected value' to empty a cell: an empty one there means that nothing changes. */
export const MAKE_BLANK = '(blank)';
