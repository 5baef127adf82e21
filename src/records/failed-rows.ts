import type { Field, RecordsDataset } from '../domain/dataset.ts';
import { MASK } from '../domain/shown-value.ts';
import { JsonFault } from '../readers/records/json-fault.ts';
import { ABSENT } from '../readers/records/json-value.ts';
import { raw, type Sql, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { PersonalMembers } from './personal-members.ts';
import { fieldReader, textOfField } from './read-fields.ts';
import { shownErrors } from './shown-errors.ts';
import { type RecordText, storedRecords } from './stored-records.ts';

/** A row for people; null is an empty cell. */
export type TextRow = readonly (string | null)[];

/** Records that failed, as `r`, of one run or of all (null). */
export function hasFailed(run: string | null): Sql {
  const failed = raw('r.failed AND NOT r.promoted AND NOT r.duplicate AND r.held_by IS NULL');
  return run === null ? failed : sql`${failed} AND r.run_id = ${run}`;
}

/** The fields of a row for people: those of the key first, then what is wrong, then the others. */
function arrange({ fields, core }: RecordsDataset): { readonly key: Field[]; readonly others: Field[] } {
  const key = core.key.flatMap((name) => fields.find((field) => field.name === name) ?? []);
  return { key, others: fields.filter((field) => !key.includes(field)) };
}

/** Names that begin with _ are no fields, so that none occurs twice. */
export function failedColumns(dataset: RecordsDataset): readonly string[] {
  const { key, others } = arrange(dataset);
  const names = (fields: readonly Field[]) => fields.map(({ name }) => name);
  return ['_staging_id', '_run', ...names(key), '_errors', ...names(others)];
}

/**
 * Failed records as rows for people, in portions: number, run, key, the errors of the last attempt, and what each field reads,
 * before any cleaning. What is personal is masked, unless it may be seen. A record that cannot be read has empty cells.
 */
export async function* failedRows(
  session: Session,
  dataset: RecordsDataset,
  asked: { readonly run: string | null; readonly showPersonal: boolean },
): AsyncGenerator<readonly TextRow[]> {
  const { key, others } = arrange(dataset);
  const personal = asked.showPersonal ? null : new PersonalMembers(dataset);
  const read = fieldReader(dataset);
  const hidden = new Set(dataset.fields.filter((field) => personal?.has(field)));
  const place = new Map(dataset.fields.map((field, i) => [field, i]));
  const rowOf = ({ stagingId, run, attempt, errors, text }: RecordText): TextRow => {
    const found = read(text);
    const cell = (field: Field): string | null => {
      if (found instanceof JsonFault) return null;
      const given = textOfField(field, found.values[place.get(field) as number] ?? ABSENT);
      return given !== null && given !== '' && hidden.has(field) ? MASK : given;
    };
    const last = shownErrors(errors, personal).filter((error) => error.attempt === attempt);
    const wrong = last.map(({ message }) => message).join(' ');
    return [String(stagingId), run, ...key.map(cell), wrong, ...others.map(cell)];
  };
  for await (const portion of storedRecords(session, dataset, hasFailed(asked.run))) yield portion.map(rowOf);
}
