import type { FindingEntry } from '../../checks/finding-entry.ts';

/** Findings of the gate, which reads the head of a file before any row is read. */
export const entries: readonly FindingEntry[] = [
  {
    code: 'missing-label',
    title: 'A column is missing',
    meaning: 'No header is the name, title or alias of a field that every file needs.',
    example: "There is no column 'Citizen ID'.",
    cure: 'Add the column, or add the header it has to the aliases of the field.',
  },
  {
    code: 'extra-label',
    title: 'A column is not expected',
    meaning:
      'A header belongs to no field. With `headers: {extra: warning}` or `ignore` such columns are not read.',
    example: "A column 'Remarks' that nobody agreed on.",
    cure: 'Remove the column, or have it added to the configuration.',
  },
  {
    code: 'duplicate-label',
    title: 'Two columns have the same header',
    meaning: 'Two headers belong to the same field, and nobody can know which of them counts.',
    example: "Two columns 'Income'.",
    cure: 'Remove or rename one of them.',
  },
  {
    code: 'blank-label',
    title: 'A column has values and no header',
    meaning:
      'Values under a blank header belong to no field. With `headers: {extra: warning}` or `ignore` such a column among the named ones is not read, and the report says so.',
    example: 'Notes beside the table.',
    cure: 'Give the column its header, or remove it.',
  },
  {
    code: 'unit-label',
    title: 'A header with a unit was taken for the column without one',
    meaning:
      'With loose matching, `Area (km²)` names the field `area`, unless another header does or the field is known by another unit.',
    example: "The header 'Income [EUR]' of the field 'income'.",
    cure: 'Look whether the unit is the agreed one, and add the header to the aliases of the field.',
  },
  {
    code: 'incorrect-label',
    title: 'The columns are in another order',
    meaning: 'With `headers: {order: same}` columns have to be in the order of the fields.',
    example: 'Region before name.',
    cure: 'Put the columns in the agreed order.',
  },
  {
    code: 'sheet-not-read',
    title: 'Another sheet looks like the one that is read',
    meaning:
      'Without `source.sheet` the first visible sheet with the headers is read; a further one with headers and rows is not.',
    example: "The rows of the south are on a sheet 'South' beside 'North'.",
    cure: 'Put all rows on one sheet, or name the sheet in `source.sheet`.',
  },
  {
    code: 'unknown-sheet',
    title: 'The workbook lacks the sheet',
    meaning: 'The configured sheet is not in the workbook, or every sheet is hidden.',
    example: "The sheet is called 'Sheet1' and not 'Citizens'.",
    cure: 'Name the sheet as agreed.',
  },
];
