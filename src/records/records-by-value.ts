import { counted } from '../domain/count.ts';
import type { Field, RecordsDataset } from '../domain/dataset.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { JsonFault } from '../readers/records/json-fault.ts';
import { ABSENT, type JsonValue } from '../readers/records/json-value.ts';
import { ident, raw, sql } from '../sql/sql.ts';
import { recordsTable } from '../warehouse/migrate/records-table.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { fieldReader, textOfField } from './read-fields.ts';
import { storedRecords } from './stored-records.ts';
import { typedTexts } from './typed-texts.ts';

const COUNTS = ['core', 'waiting', 'failed', 'held'] as const;

/** How many rows of core have a value, and how many records that are not in core. */
export interface ValueCounts extends Readonly<Record<(typeof COUNTS)[number], number>> {
  /** Null: blank. */
  readonly value: string | null;
}

export interface ByValue {
  readonly values: readonly ValueCounts[];
  /** Records that cannot be read, so that nobody knows their value. */
  readonly unreadable: number;
}

/** More different values help nobody, and could fill the memory. */
const MOST_VALUES = 10_000;

/**
 * Rows of core, and records that are neither promoted nor linked, by the value of a field: those with most records first.
 * Values of records are cleaned and typed like those of core; what is not of the type is told as it was handed over.
 */
export async function recordsByValue(
  session: Session,
  dataset: RecordsDataset,
  field: Field,
  folder: string,
): Promise<ByValue> {
  const found = new Map<string | null, Record<(typeof COUNTS)[number], number>>();
  const add = (value: string | null, counts: Partial<ValueCounts>) => {
    const sum = found.get(value) ?? { core: 0, waiting: 0, failed: 0, held: 0 };
    for (const name of COUNTS) sum[name] += counts[name] ?? 0;
    found.set(value, sum);
    refuseMany(field, found.size);
  };
  for (const { value, n } of await coreCounts(session, dataset, field)) add(value, { core: n });
  const { counts, unreadable } = await readCounts(session, dataset, field);
  const typed = await typedTexts(
    folder,
    dataset,
    field,
    counts.map(({ value }) => value),
  );
  for (const [i, one] of counts.entries())
    add(typed[i] ?? (textOfField(field, one.value) || null), one.counts);
  const values = [...found].map(([value, one]) => ({ value, ...one }));
  const open = (one: ValueCounts) => one.waiting + one.failed + one.held;
  values.sort((a, b) => open(b) - open(a) || b.core - a.core || ((a.value ?? '') < (b.value ?? '') ? -1 : 1));
  return { values, unreadable };
}

async function coreCounts(
  session: Session,
  { core }: RecordsDataset,
  { name }: Field,
): Promise<readonly { readonly value: string | null; readonly n: number }[]> {
  const columns = await session.columns({ schema: 'core', name: core.table });
  if (!columns?.some((column) => column.name === name)) return [];
  return session.query(
    sql`SELECT CAST(${ident(name)} AS VARCHAR) AS value, count(*) AS n FROM ${ident('core', core.table)}
        GROUP BY 1 LIMIT ${raw(String(MOST_VALUES + 1))}`,
  );
}

interface ReadCount {
  readonly value: JsonValue;
  readonly counts: { waiting: number; failed: number; held: number };
}

async function readCounts(
  session: Session,
  dataset: RecordsDataset,
  field: Field,
): Promise<{ readonly counts: readonly ReadCount[]; readonly unreadable: number }> {
  const counts = new Map<string, ReadCount>();
  let unreadable = 0;
  if ((await session.columns(recordsTable(dataset))) === null) return { counts: [], unreadable };
  const read = fieldReader({ ...dataset, fields: [field] });
  for await (const portion of storedRecords(session, dataset, raw('NOT r.promoted AND NOT r.duplicate'))) {
    for (const { text, state } of portion) {
      const record = read(text);
      if (record instanceof JsonFault) unreadable++;
      if (record instanceof JsonFault || state === 'promoted' || state === 'duplicate') continue;
      const value = record.values[0] ?? ABSENT;
      const name = `${value.kind} ${value.text}`;
      const one = counts.get(name) ?? { value, counts: { waiting: 0, failed: 0, held: 0 } };
      one.counts[state]++;
      counts.set(name, one);
      refuseMany(field, counts.size);
    }
  }
  return { counts: [...counts.values()], unreadable };
}

function refuseMany({ name }: Field, values: number): void {
  if (values <= MOST_VALUES) return;
  throw new TidemarkError('usage', {
    message: `The field ${name} has more than ${counted(MOST_VALUES, 'value')}: a summary by it would help nobody.`,
    hint: 'Choose a field with fewer values, such as a category or a state.',
  });
}
