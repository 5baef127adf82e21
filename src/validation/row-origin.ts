import { a1, columnLetters } from '../domain/finding.ts';
import type { Layout } from './layout.ts';

/** How the source of rows names its places. Rows and columns are numbered as people count; columns are given from 0. */
export interface RowOrigin {
  readonly label: 'workbook' | 'text file' | 'JSON lines' | 'records';
  /** What a column without a header is called: D, or 4. */
  column(column: number): string;
  /** The address of a cell: D5 in workbooks, line:column (5:4) elsewhere. */
  address(column: number, row: number): string;
  /** The same as a SQL expression over one for the row. */
  addressSql(column: number, row: string): string;
}

const WORKBOOK: RowOrigin = {
  label: 'workbook',
  column: columnLetters,
  address: a1,
  addressSql: (column, row) => `'${columnLetters(column)}' || ${row}`,
};

function lines(label: RowOrigin['label']): RowOrigin {
  return {
    label,
    column: (column) => String(column + 1),
    address: (column, row) => `${row}:${column + 1}`,
    addressSql: (column, row) => `${row} || ':${column + 1}'`,
  };
}

const ORIGINS: Readonly<Record<Layout['format'], RowOrigin>> = {
  xlsx: WORKBOOK,
  text: lines('text file'),
  jsonl: lines('JSON lines'),
  records: lines('records'),
};

export function originOf({ format }: Pick<Layout, 'format'>): RowOrigin {
  return ORIGINS[format];
}
