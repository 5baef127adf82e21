import { MASK } from '../domain/shown-value.ts';
import type { PersonalMembers } from './personal-members.ts';

/** A fault that an attempt to promote a record found. */
export interface ShownError {
  readonly attempt: number;
  readonly field: string | null;
  readonly code: string;
  readonly message: string;
  readonly value: string | null;
}

/** The errors of all attempts, earlier ones first, without what is personal; `personal` null: all may be seen. */
export function shownErrors(errors: string | null, personal: PersonalMembers | null): readonly ShownError[] {
  const all = JSON.parse(errors ?? '[]') as readonly ShownError[];
  return all.map((error) => (personal?.hasNamed(error.field) ? masked(error) : error));
}

/** A message quotes the value, where there is one. It has one where the field was not personal when the record was judged. */
function masked(error: ShownError): ShownError {
  return error.value === null ? error : { ...error, message: MASK, value: MASK };
}
