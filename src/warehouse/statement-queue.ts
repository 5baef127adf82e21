/**
 * The statements of one unit of work, one after the other. The first failure ends them all: some engines continue after
 * an error, but half of the work must never be committed. A statement that nobody awaited must also not run after the
 * transaction's end, where it would be committed by itself.
 */
export class StatementQueue {
  readonly #signal: AbortSignal | undefined;
  readonly #translate: (error: unknown) => Error;
  #last: Promise<unknown> = Promise.resolve();
  #ended = false;
  failure: Error | null = null;
  /** The error of the driver behind `failure`. */
  cause: unknown = null;

  constructor(signal: AbortSignal | undefined, translate: (error: unknown) => Error) {
    this.#signal = signal;
    this.#translate = translate;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      if (this.failure) throw this.failure;
      if (this.#ended) throw new TypeError('a statement came after the end of its transaction');
      this.#signal?.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        if (this.failure === null) this.cause = error;
        this.failure ??= this.#translate(error);
        throw this.failure;
      }
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Goes on after a failure, where the engine has rolled back what failed. */
  forget(): void {
    this.failure = null;
    this.cause = null;
  }

  /** Waits for the running statement; none runs after it. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#last;
  }
}
