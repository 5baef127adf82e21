/**
 * The statements of one unit of work, one after the other. The first failure ends them all: an engine may go on after
 * some errors, but half of a work must never be committed. Nor may a statement that nobody waited for run after the
 * transaction's end, where it would be committed by itself.
 */
export class StatementQueue {
  readonly #signal: AbortSignal | undefined;
  readonly #translate: (error: unknown) => Error;
  #last: Promise<unknown> = Promise.resolve();
  #ended = false;
  failure: Error | null = null;

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
        this.failure ??= this.#translate(error);
        throw this.failure;
      }
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Waits for what still runs; nothing runs after it. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#last;
  }
}
