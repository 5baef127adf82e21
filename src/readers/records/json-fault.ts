/** A text that is not strict JSON. The message says in plain words what is wrong. */
export class JsonFault extends Error {
  /** Where, in UTF-16 units from 0 on. */
  readonly offset: number;
  /** The text ends before more can be known: with more of it, it may be right. */
  readonly cut: boolean;

  constructor(message: string, offset: number, cut = false) {
    super(message);
    this.offset = offset;
    this.cut = cut;
  }
}
