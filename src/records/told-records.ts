import type { RecordsDataset } from '../domain/dataset.ts';
import { shownValue } from '../domain/shown-value.ts';
import type { JsonValue } from '../readers/records/json-value.ts';
import { compileMembers, readRecord } from '../readers/records/read-record.ts';
import { raw, type Sql, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Batch, recordsName } from './batch.ts';
import type { RecordCounts } from './promote-batch.ts';

export type RecordOutcome = 'promoted' | 'duplicate' | 'failed' | 'waiting';

/** The outcome of one record. */
export interface ToldRecord {
  readonly staging_id: number;
  readonly outcome: RecordOutcome;
  /** Its core row: the key, with personal values masked, and the surrogate key; null where it has none. */
  readonly key: Readonly<Record<string, unknown>> | null;
  /** What is wrong with it, as sentences; empty where nothing is. */
  readonly reasons: readonly string[];
}

const OUTCOME = raw(`CASE WHEN r.promoted THEN 'promoted' WHEN r.duplicate THEN 'duplicate'
  WHEN r.failed THEN 'failed' ELSE 'waiting' END`);

/** What happened to the records of a batch, when they are marked: all counted, the first ones by themselves. */
export async function toldRecords(
  session: Session,
  dataset: RecordsDataset,
  { batch, failed, told }: { readonly batch: Batch; readonly failed: Sql; readonly told: number },
): Promise<{ readonly counts: RecordCounts; readonly told: readonly ToldRecord[] }> {
  const records = sql`${batch.table} AS b JOIN ${recordsName(dataset)} AS r ON r.staging_id = b.staging_id`;
  const groups = await session.query<{ outcome: RecordOutcome; n: number }>(
    sql`SELECT ${OUTCOME} AS outcome, count(*) AS n FROM ${records} GROUP BY 1`,
  );
  const of = (outcome: RecordOutcome) => Number(groups.find((group) => group.outcome === outcome)?.n ?? 0);
  const counts = {
    ...{ promoted: of('promoted'), duplicate: of('duplicate') },
    ...{ failed: of('failed'), waiting: of('waiting') },
  };
  if (told <= 0) return { counts, told: [] };
  const rows = await session.query<{
    id: number;
    outcome: RecordOutcome;
    place: string | null;
    errors: string | null;
    attempt: number;
  }>(
    sql`SELECT r.staging_id AS id, ${OUTCOME} AS outcome, r.attempt, COALESCE(CAST(r.promoted_to AS VARCHAR), f.key) AS place,
          CAST(CASE WHEN r.failed THEN r.validation_errors END AS VARCHAR) AS errors
        FROM (SELECT * FROM ${batch.table} ORDER BY staging_id LIMIT ${raw(String(told))}) AS b
          JOIN ${recordsName(dataset)} AS r ON r.staging_id = b.staging_id
          LEFT JOIN ${failed} AS f ON f.staging_id = r.staging_id ORDER BY r.staging_id`,
  );
  return {
    counts,
    told: rows.map(({ id, outcome, place, errors, attempt }) => ({
      staging_id: Number(id),
      outcome,
      key: place === null ? null : shownKey(dataset, place),
      reasons: reasonsOf(errors, Number(attempt)),
    })),
  };
}

function shownKey(dataset: RecordsDataset, place: string): Record<string, unknown> {
  const personal = new Set(dataset.fields.filter((field) => field.pii).map((field) => field.name));
  return Object.fromEntries(
    membersOf(dataset, place).map(([name, value]) => [
      name,
      personal.has(name) ? shownValue(dataset, name, value) : value,
    ]),
  );
}

/** The members of a place; a number that JavaScript would round is a text. */
function membersOf({ core }: RecordsDataset, place: string): (readonly [string, string | number | null])[] {
  const names = [...core.key, ...(core.identity === null ? [] : [core.identity])];
  const { values } = readRecord(place, compileMembers(names.map((name) => [name])));
  return names.flatMap((name, i): readonly (readonly [string, string | number | null])[] => {
    const { kind, text } = values[i] as JsonValue;
    if (kind === 'absent') return [];
    if (kind === 'null') return [[name, null]];
    const number = kind === 'number' ? Number(text) : Number.NaN;
    return [[name, String(number) === text ? number : text]];
  });
}

/** The messages of the last attempt. */
function reasonsOf(errors: string | null, attempt: number): string[] {
  if (errors === null) return [];
  const all = JSON.parse(errors) as { readonly attempt: number; readonly message: string }[];
  return all.filter((one) => Number(one.attempt) === attempt).map((one) => one.message);
}
