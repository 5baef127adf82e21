import type { FieldAsWritten } from '../../config/schema.ts';

/** What a field's values say of it: all but its name. */
export type Typed = Omit<FieldAsWritten, 'name'>;

export interface Guess {
  readonly typed: Typed;
  /** What its reader should look at. */
  readonly note?: string | null;
}
