/** What a path finds in a record. */
export interface JsonValue {
  readonly kind: 'absent' | 'null' | 'string' | 'number' | 'boolean' | 'object' | 'array';
  /**
   * A string as it reads, a number exactly as it is written, `true` or `false`, the JSON text of an object or array as it
   * is written; for null and where there is nothing, the empty text.
   */
  readonly text: string;
}

export const ABSENT: JsonValue = { kind: 'absent', text: '' };
export const NULL: JsonValue = { kind: 'null', text: '' };
