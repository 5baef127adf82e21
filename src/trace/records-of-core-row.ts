import type { Dataset } from '../domain/dataset.ts';
import { membersOfRecord, recordsByNumber } from '../records/records-of-row.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { RowTexts, TracedCell, TracedRecord } from './traced.ts';

/** The way from a core row to the records that made and changed it. */
export interface FollowedRecords {
  readonly records: readonly TracedRecord[];
  /** Each value of the row beside the member of the record that changed it last. */
  readonly cells: readonly TracedCell[];
  readonly notes: readonly string[];
}

/** Null where the row does not say which records it is of. */
export async function recordsOfCoreRow(
  session: Session,
  dataset: Dataset,
  row: RowTexts,
): Promise<FollowedRecords | null> {
  const number = (name: string) => (row.get(name) == null ? null : Number(row.get(name)));
  const made = number('_created_by_staging_id');
  const changed = number('_updated_by_staging_id') ?? made;
  if (changed === null) return null;
  const numbers = [...new Set([...(made === null ? [] : [made]), changed])];
  const stored = await recordsByNumber(session, dataset, numbers);
  const read = stored.map((record) => ({ record, ...membersOfRecord(dataset, record) }));
  const gone = numbers.filter((id) => stored.every(({ staging_id }) => staging_id !== id));
  const last = read.find(({ record }) => record.staging_id === changed)?.members;
  return {
    records: read.map(({ record, members }) => {
      const { text: _, ...handed } = record;
      const isMaker = record.staging_id === made;
      return {
        ...handed,
        did: isMaker ? (made === changed ? 'made the row' : 'made it') : 'changed it last',
        values: members && Object.fromEntries([...members].map(([name, { text }]) => [name, text])),
      };
    }),
    cells: [...row.keys()]
      .filter((name) => !name.startsWith('_'))
      .map((column) => ({
        ...{ column, cell: last?.get(column)?.path ?? null, raw: last?.get(column)?.text ?? null },
        ...{ replaced: null, cleaned: null, core: row.get(column) ?? null, correction: null },
      })),
    notes: [
      ...read.flatMap(({ why }) => why ?? []),
      ...gone.map((id) => `Record ${id} is no longer in stage.${dataset.name}_records.`),
    ],
  };
}
