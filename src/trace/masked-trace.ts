import { type Dataset, isRecordsDataset } from '../domain/dataset.ts';
import { MASK, shownValue } from '../domain/shown-value.ts';
import { PersonalMembers } from '../records/personal-members.ts';
import type { Trace, TracedRow } from './traced.ts';

/** The trace for a reader who may not see personal data. */
export function maskedTrace(trace: Trace, dataset: Dataset): Trace {
  const personal = isRecordsDataset(dataset) ? new PersonalMembers(dataset) : null;
  const masked = (column: string, text: string | null) => {
    if (text === null || text === '') return text;
    return personal?.hasNamed(column) ? MASK : shownValue(dataset, column, text);
  };
  return { ...trace, rows: trace.rows.map((row) => maskedRow(row, masked)) };
}

function maskedRow(
  row: TracedRow,
  masked: (column: string, text: string | null) => string | null,
): TracedRow {
  return {
    ...row,
    // The identifying columns besides the key are Tidemark's own.
    key: Object.fromEntries(
      Object.entries(row.key).map(([name, text]) => [name, name.startsWith('_') ? text : masked(name, text)]),
    ),
    cells: row.cells.map((cell) => ({
      ...cell,
      raw: masked(cell.column, cell.raw),
      replaced: cell.replaced && {
        ...cell.replaced,
        raw: masked(cell.column, cell.replaced.raw) ?? '',
      },
      cleaned: masked(cell.column, cell.cleaned),
      core: masked(cell.column, cell.core),
    })),
    records: row.records.map((record) => ({
      ...record,
      values:
        record.values &&
        Object.fromEntries(Object.entries(record.values).map(([name, text]) => [name, masked(name, text)])),
    })),
    corrections: row.corrections.map((one) => ({
      ...one,
      from: masked(one.field, one.from),
      to: masked(one.field, one.to),
    })),
  };
}
