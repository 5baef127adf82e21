import type { FindingEntry } from '../../checks/finding-entry.ts';

/** Findings of the gate about a file as a whole: its name, its place, its bytes. */
export const entries: readonly FindingEntry[] = [
  {
    code: 'unknown-file-name',
    title: 'The file name belongs to no dataset',
    meaning: 'The name fits the `filename` of no dataset; the message names the nearest one.',
    example: "'citizen_2025-06.xlsx' where 'citizens_{period}.xlsx' is expected.",
    cure: 'Rename the file as the message shows, or add a dataset for it.',
  },
  {
    code: 'ambiguous-file-name',
    title: 'The file name belongs to several datasets',
    meaning: 'The name fits the `filename` of more than one dataset, so nobody can say which one is meant.',
    example: "'list_2025-06.csv' where two datasets have 'list_{period}.csv'.",
    cure: 'Change the `filename` of one of the datasets.',
  },
  {
    code: 'impossible-period',
    title: 'The file name holds a period that does not exist',
    meaning: 'The name has the shape of a period, but there is no such month, quarter or year.',
    example: "'citizens_2025-13.xlsx'.",
    cure: 'Rename the file with the right period.',
  },
  {
    code: 'slice-spelling',
    title: 'The file name spells a slice in another way than earlier files',
    meaning:
      'A name from the file name differs from one that was delivered only in case, blanks or accents, or is the same number (`03` and `3`). If it were another slice, its rows would count twice.',
    example: "'sales_north_2025-06.csv' after 'sales_North_2025-05.csv'.",
    cure: 'Rename the file with the spelling that the message shows.',
  },
  {
    code: 'same-bytes',
    title: 'The same file was delivered for another period',
    meaning:
      'Byte for byte the file is one that was delivered for another period or slice. `accept: {same_bytes: true}` lets that pass.',
    example: "May's file, saved under June's name.",
    cure: 'Deliver the file of the right period; or run ingest with --accept-same-bytes, --by and --reason.',
  },
  {
    code: 'file-unreadable',
    title: 'The file cannot be read as what its name says it is',
    meaning: 'It is damaged, protected by a password, of another kind, or not a file at all.',
    example: 'A web page that was saved with the ending .xlsx.',
    cure: 'Open it in its own program and save it as .xlsx or .csv.',
  },
  {
    code: 'limit-exceeded',
    title: 'The file is over a limit',
    meaning: 'Limits guard against broken and hostile files; the message names the limit.',
    example: 'A workbook that unpacks to more than 1 GiB.',
    cure: 'Split the file, or raise that limit under `limits`.',
  },
  {
    code: 'reply-refused',
    title: 'The filled-in corrections cannot be put in place',
    meaning:
      'A filled-in corrections.xlsx replies to one delivery. That delivery is gone or changed, or a filled-in value is not clear.',
    example: 'The original was replaced under its name, or one cell has two different corrected values.',
    cure: 'Correct your own file and deliver it again.',
  },
  {
    code: 'out-of-landed',
    title: 'A link leads out of the landed folder',
    meaning: 'Links are not followed to files elsewhere.',
    example: 'A symbolic link to a file on a network drive.',
    cure: 'Copy the file itself into data/landed.',
  },
];
