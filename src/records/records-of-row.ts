import type { Dataset } from '../domain/dataset.ts';
import { showPath } from '../domain/record-path.ts';
import { JsonFault } from '../readers/records/json-fault.ts';
import { compileMembers, readRecord } from '../readers/records/read-record.ts';
import { ident, join, sql } from '../sql/sql.ts';
import { recordsTable } from '../warehouse/migrate/records-table.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { pathOf } from './record-plan.ts';

/** A record that made or changed a row of core: who handed it over, and when (UTC). */
export interface HandedRecord {
  readonly staging_id: number;
  readonly run_id: string;
  readonly actor: string;
  readonly interaction: string | null;
  readonly batch_id: string | null;
  readonly submitted_by: string | null;
  readonly submitted_at: string;
  /** When the record itself was removed; null: it is there. */
  readonly pruned_at: string | null;
}

/** A value of a record: the member that a field reads, and its text; null where the record has nothing there. */
export interface RecordMember {
  readonly path: string;
  readonly text: string | null;
}

/** What a record says for each field that reads one of its members; or why that cannot be shown. */
export type MembersOfRecord =
  | { readonly members: ReadonlyMap<string, RecordMember>; readonly why: null }
  | { readonly members: null; readonly why: string };

/** Records by their numbers, in their order, each with its text; a number without a record is left out. */
export async function recordsByNumber(
  session: Session,
  dataset: Pick<Dataset, 'name'>,
  numbers: readonly number[],
): Promise<readonly (HandedRecord & { readonly text: string })[]> {
  const table = recordsTable(dataset);
  if (numbers.length === 0 || (await session.columns(table)) === null) return [];
  const found = await session.query<HandedRecord & { readonly text: string }>(
    sql`SELECT r.staging_id, r.run_id, r.actor, r.interaction, r.batch_id, r.submitted_by, r.created_at AS submitted_at,
          r.pruned_at, CAST(r.raw_data AS VARCHAR) AS text
        FROM ${ident(table.schema, table.name)} AS r
        WHERE r.staging_id IN (${join(numbers.map((id) => sql`${id}`))}) ORDER BY r.staging_id`,
  );
  return found.map((record) => ({ ...record, staging_id: Number(record.staging_id) }));
}

/** Reads a record by the paths that the fields have now. */
export function membersOfRecord(
  { fields }: Pick<Dataset, 'fields'>,
  { staging_id, pruned_at, text }: HandedRecord & { readonly text: string },
): MembersOfRecord {
  if (pruned_at !== null)
    return { members: null, why: `Record ${staging_id} was pruned on ${pruned_at.slice(0, 10)}.` };
  const read = fields.flatMap((field) => {
    const path = pathOf(field);
    return path === null ? [] : [{ name: field.name, path }];
  });
  try {
    const { values } = readRecord(text, compileMembers(read.map(({ path }) => path)));
    const members = read.map(({ name, path }, i) => {
      const { kind, text: value } = values[i] ?? { kind: 'absent', text: '' };
      const said = kind === 'absent' ? null : kind === 'null' ? 'null' : value;
      return [name, { path: showPath(path), text: said }] as const;
    });
    return { members: new Map(members), why: null };
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return { members: null, why: `Record ${staging_id} cannot be read: ${error.message}.` };
  }
}
