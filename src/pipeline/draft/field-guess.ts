import type { FieldAsWritten } from '../../config/schema.ts';

/** What a field's values show about it: everything except its name. */
export type Typed = Omit<FieldAsWritten, 'name'>;

export interface Guess {
  readonly typed: Typed;
  /** A note for its reader. */
  readonly note?: string | null;
}
