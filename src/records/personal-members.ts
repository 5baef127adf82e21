import type { Field, RecordsDataset } from '../domain/dataset.ts';
import type { RecordPath } from '../domain/record-path.ts';
import { MASK } from '../domain/shown-value.ts';
import { JsonFault } from '../readers/records/json-fault.ts';
import { maskMembers } from '../readers/records/mask-members.ts';
import { pathOf } from './record-plan.ts';

/** What of a dataset's records is personal: its fields, and the members that they read. */
export class PersonalMembers {
  readonly #dataset: RecordsDataset;
  readonly #paths: readonly RecordPath[];

  constructor(dataset: RecordsDataset) {
    this.#dataset = dataset;
    this.#paths = dataset.fields.flatMap((field) => {
      const path = field.pii ? pathOf(field) : null;
      return path === null ? [] : [path];
    });
  }

  /** A field is personal too where it reads a member inside of which, or around which, a personal one is. */
  has(field: Field): boolean {
    const path = pathOf(field);
    return field.pii || (path !== null && this.#paths.some((personal) => overlap(path, personal)));
  }

  /** The same by the field's name; what is no field is not personal. */
  hasNamed(name: string | null): boolean {
    const field = this.#dataset.fields.find((each) => each.name === name);
    return field !== undefined && this.has(field);
  }

  /** A record's text with its personal values masked; null where nobody can know which these are. */
  masked(text: string): string | null {
    if (this.#paths.length === 0) return text;
    try {
      return maskMembers(text, this.#paths, MASK);
    } catch (error) {
      if (error instanceof JsonFault) return null;
      throw error;
    }
  }
}

/** One path leads to a value that contains the other's, whichever element of an array it is. */
function overlap(a: RecordPath, b: RecordPath): boolean {
  const steps = Math.min(a.length, b.length);
  return a
    .slice(0, steps)
    .every((step, i) => step === b[i] || (typeof step === typeof b[i] && typeof step === 'number'));
}
