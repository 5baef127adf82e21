/** A rule that a person gave the database, such as a constraint, refuses rows. The message says which, without a value. */
export class RuleBroken extends Error {
  /** What the database makes of it where nobody goes on without the rows. */
  readonly failure: Error;

  constructor(message: string, failure: Error) {
    super(message);
    this.failure = failure;
  }
}
