/** The part of a text that is in memory: it grows at its end when more is needed, and is cut at its beginning. */
export class TextWindow {
  bytes: Buffer = Buffer.alloc(0);
  ended = false;
  readonly #chunks: AsyncIterator<Buffer>;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Reads the next bytes, or finds that there are none. */
  async more(): Promise<void> {
    const next = await this.#chunks.next();
    if (next.done) this.ended = true;
    else this.bytes = Buffer.concat([this.bytes, next.value]);
  }

  dropBefore(at: number): void {
    this.bytes = this.bytes.subarray(at);
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
