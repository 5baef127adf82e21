/** Someone asked the program to stop: the reason of its abort signal, with the exit code that this means. */
export class Interruption extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('The program was asked to stop.');
    this.name = 'Interruption';
    this.exitCode = exitCode;
  }
}
