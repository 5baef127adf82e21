/**
 * How many texts are kept as strings, and how long they may be together: cells refer to the first texts most, and
 * strings are fast.
 */
const KEPT_TEXTS = 1 << 20;
const KEPT_CHARACTERS = 1 << 25;
/** Texts that are packed together. A page is made once, so that no text is copied twice. */
const PAGE = 1 << 16;

interface Page {
  readonly bytes: Buffer;
  /** Where each text begins, and where the last one ends. */
  readonly starts: Uint32Array;
  readonly ascii: boolean;
}

/**
 * A list of texts that only grows. Past the first million, texts are packed as UTF-8, which takes a third of the
 * memory: a workbook may list ten million texts, which as strings would take all the memory that a run may use.
 */
export class TextStore {
  readonly #kept: string[] = [];
  readonly #pages: Page[] = [];
  #characters = 0;
  #full = false;
  /** Texts of the page that comes next. */
  #open: string[] = [];

  get length(): number {
    return this.#kept.length + this.#pages.length * PAGE + this.#open.length;
  }

  /** More texts, or longer ones, would take memory that other parts of a run need. */
  get isLarge(): boolean {
    return this.#full;
  }

  push(text: string): void {
    if (!this.#full) {
      this.#kept.push(text);
      this.#characters += text.length;
      this.#full = this.#kept.length >= KEPT_TEXTS || this.#characters >= KEPT_CHARACTERS;
      return;
    }
    this.#open.push(text);
    if (this.#open.length < PAGE) return;
    this.#pages.push(pageOf(this.#open));
    this.#open = [];
  }

  /** Undefined past the end. */
  at(index: number): string | undefined {
    return index < this.#kept.length ? this.#kept[index] : this.#packed(index - this.#kept.length);
  }

  #packed(index: number): string | undefined {
    const page = this.#pages[Math.floor(index / PAGE)];
    if (page === undefined) return this.#open[index - this.#pages.length * PAGE];
    const at = index % PAGE;
    const [start, end] = [page.starts[at]!, page.starts[at + 1]!];
    return page.ascii ? page.bytes.toString('latin1', start, end) : page.bytes.toString('utf8', start, end);
  }
}

function pageOf(texts: readonly string[]): Page {
  const starts = new Uint32Array(texts.length + 1);
  for (const [i, text] of texts.entries()) starts[i + 1] = starts[i]! + Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafeSlow(starts.at(-1)!);
  let characters = 0;
  for (const [i, text] of texts.entries()) {
    bytes.write(text, starts[i]!);
    characters += text.length;
  }
  return { bytes, starts, ascii: characters === bytes.length };
}
