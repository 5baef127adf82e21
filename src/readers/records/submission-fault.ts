/** What is handed over is not JSON records. The message says in plain words why. */
export class SubmissionFault extends Error {
  /** From 1 on. */
  readonly line: number;
  /** In characters, from 1 on. */
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}
