import type { Config } from '../../config/config.ts';
import { type Dataset, type ForeignKey, isRecordsDataset } from '../../domain/dataset.ts';
import { type Period, periodContaining } from '../../domain/period.ts';
import { parseSlice, type Slice } from '../../domain/slice.ts';
import { correctionsFingerprint, type StandingCorrection } from '../../ledger/corrections.ts';
import type { Load } from '../../ledger/loads.ts';
import { newestPromotionOf } from '../../ledger/promotions.ts';
import type { SliceState } from '../../ledger/slice-states.ts';
import { ident, sql } from '../../sql/sql.ts';
import { columnType } from '../../types/column-type.ts';
import { sliceValue } from '../../types/slice-value.ts';
import { rowOfSlice } from '../../warehouse/slice-rows.ts';
import type { ColumnInfo, TableRef } from '../../warehouse/warehouse.ts';
import type { Lists } from './lists.ts';

/** What is to be validated: a delivery's dataset, period and slice. */
export interface Referring {
  readonly dataset: Dataset;
  readonly period: Period;
  readonly slice: Slice;
}

/**
 * A foreign key to another dataset: the list, the period of it that counts, and the part of it to which the key refers.
 */
export interface Reference extends Referring {
  readonly key: ForeignKey;
  readonly list: Dataset;
  /** The list's period that is, or contains, the period of the delivery; null: there is none, or records make the list. */
  readonly listPeriod: Period | null;
  /** The values that the key gives to the list's own slice names: other parts of the list do not matter. */
  readonly part: ReadonlyMap<string, string>;
}

/** The foreign keys to other datasets; a key to the dataset itself reads only the delivery. */
export function referencesOf(config: Config, referring: Referring): Reference[] {
  const { dataset, period, slice } = referring;
  const own = new Map(slice);
  return dataset.foreignKeys.flatMap((key) => {
    const list = config.datasets.get(key.dataset);
    if (list === undefined || list.name === dataset.name) return [];
    const part = key.fields.flatMap((name, n): [string, string][] => {
      const [text, listName] = [own.get(name), key.referenceFields[n] as string];
      if (text === undefined || !list.sliceNames.includes(listName)) return [];
      // A name that is not a value of its field is a fault of its own; there is no part of the list to wait for.
      return typedSlice(dataset, name, text) === null ? [] : [[listName, text]];
    });
    const listPeriod = isRecordsDataset(list) ? null : periodContaining(list.periodKind, period);
    return [{ ...referring, key, list, listPeriod, part: new Map(part) }];
  });
}

/** One slice of a list, from its current delivery. */
export interface ListPart {
  readonly slice: string;
  readonly delivery: NonNullable<SliceState['current']>;
  /** Corrections of its rows, and their fingerprint; loaded or not, the keys count as corrected. */
  readonly corrections: readonly StandingCorrection[];
  readonly correctionsFingerprint: string | null;
  /** The load that brought these rows, so corrected, into stage; null: only the cleaned Parquet has them. */
  readonly load: Load | null;
}

/** Where a list is read: its current deliveries, stage rows of deliveries that no longer count, or core. */
export type ListSource =
  | { readonly from: 'deliveries'; readonly parts: readonly ListPart[] }
  | { readonly from: 'stage'; readonly loads: readonly Load[] }
  | { readonly from: 'core'; readonly promotionId: number | null };

/** Where the list of a reference is read now, loaded or not; null where it was never delivered. */
export async function sourceOf(lists: Lists, reference: Reference): Promise<ListSource | null> {
  const { session } = lists;
  const { list, listPeriod, part, key } = reference;
  if (listPeriod !== null) {
    const loads = (await lists.loads(list, listPeriod)).filter(({ slice }) => isPartOf(slice, reference));
    const loaded = new Map(loads.map((load) => [load.slice, load]));
    const corrected = await lists.corrections(list, listPeriod);
    const parts: ListPart[] = [];
    for (const { slice, current } of await statesOf(lists, reference)) {
      if (current === null) continue;
      const load = loaded.get(slice);
      const corrections = corrected.get(slice) ?? [];
      const fingerprint = correctionsFingerprint(corrections);
      const isLoaded =
        load?.parquetSha256 === current.parquetSha256 && load.correctionsFingerprint === fingerprint;
      parts.push({
        ...{ slice, delivery: current, corrections, correctionsFingerprint: fingerprint },
        load: isLoaded ? load : null,
      });
    }
    if (parts.length > 0) return { from: 'deliveries', parts };
    const staged = loads.length > 0 ? await session.columns({ schema: 'stage', name: list.name }) : null;
    if (staged !== null && hasFields(staged, key)) return { from: 'stage', loads };
  }
  const core: TableRef = { schema: 'core', name: list.core.table };
  const columns = await session.columns(core);
  if (columns === null || !hasFields(columns, key)) return null;
  const ofPart = rowOfSlice([...part], { dataset: list, columns });
  const [row] = await session.query(
    sql`SELECT 1 AS one FROM ${ident('core', core.name)} WHERE ${ofPart} LIMIT 1`,
  );
  return row === undefined
    ? null
    : { from: 'core', promotionId: await newestPromotionOf(session, list.core.table) };
}

/** The slices of a list that count, among those to which the key refers. */
export async function statesOf(lists: Lists, reference: Reference): Promise<readonly SliceState[]> {
  const { list, listPeriod } = reference;
  if (listPeriod === null) return [];
  return (await lists.slices(list, listPeriod)).filter(({ slice }) => isPartOf(slice, reference));
}

/** `03` and `3` are one part where the field of the list is a number. */
function isPartOf(slice: string, { list, part }: Reference): boolean {
  const own = new Map(parseSlice(slice));
  return [...part].every(([name, text]) => {
    const there = own.get(name);
    return (
      there !== undefined &&
      (there === text || typedSlice(list, name, there) === typedSlice(list, name, text))
    );
  });
}

function typedSlice({ fields }: Dataset, name: string, text: string): string | null {
  const field = fields.find((one) => one.name === name) ?? null;
  return sliceValue(text, columnType(field), field);
}

function hasFields(columns: readonly ColumnInfo[], key: ForeignKey): boolean {
  return key.referenceFields.every((name) => columns.some((one) => one.name === name));
}
