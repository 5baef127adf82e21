import { counted } from '../../domain/count.ts';
import type { ColumnSample } from './column-sample.ts';
import type { TableSample } from './read-table.ts';

/** A column that is not part of the draft. */
export interface LeftOut {
  /** Name of the column; null where it has no header. */
  readonly header: string | null;
  /** 0-based. */
  readonly column: number;
  /** Position among the fields that it would have. */
  readonly place: number;
  readonly reason: string;
}

/** The table without the columns that hold only errors: as texts they would all be rejected, row by row. */
export function withoutErrors(table: TableSample): { table: TableSample; leftOut: readonly LeftOut[] } {
  const isRead = table.columns.map((column) => !holdsErrors(column));
  if (isRead.every((read) => read) || !isRead.includes(true)) return { table, leftOut: [] };
  const only = <T>(all: readonly T[]) => all.filter((_, i) => isRead[i]);
  const leftOut = table.columns.flatMap((column, i) =>
    isRead[i]
      ? []
      : [
          {
            header: column.header,
            column: column.index,
            place: only(isRead.slice(0, i)).length,
            reason: reasonFor(column),
          },
        ],
  );
  return { table: { ...table, columns: only(table.columns), kept: table.kept.map(only) }, leftOut };
}

function holdsErrors(column: ColumnSample): boolean {
  return column.errors > 0 && column.filled === 0 && column.noValues.size === 0;
}

function reasonFor({ errors, errorText }: ColumnSample): string {
  if (errorText !== '#FORMULA')
    return errors === 1
      ? `its only cell holds ${errorText}`
      : `all its ${counted(errors, 'cell')} hold ${errorText} or another error`;
  const formulas = `its ${counted(errors, 'formula')}`;
  return `nobody calculated ${formulas}: a spreadsheet program does so on saving`;
}

/** Columns with values but without a header, where the gate may let them pass: within the width of the header. */
export function unnamedWithin(table: TableSample, width: number): readonly LeftOut[] {
  return table.unnamed
    .filter((column) => column < width)
    .map((column) => ({
      header: null,
      column,
      place: table.columns.filter(({ index }) => index < column).length,
      reason: 'it has values, but no header',
    }));
}
