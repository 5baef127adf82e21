import type { Markup } from './markup.ts';

/**
 * Bytes of one part of a page. Texts from files can be long, and escaped they are up to eight times as long: what is listed
 * is measured, so that a page stays small enough to send however bad the file is.
 */
export class PageBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** As many of the items, in order, as there is room for; the others are counted. */
  fit<T>(
    items: readonly T[],
    render: (item: T) => Markup,
  ): { readonly parts: Markup[]; readonly more: number } {
    const parts: Markup[] = [];
    for (const item of items) {
      const part = render(item);
      const bytes = Buffer.byteLength(part.text);
      if (bytes > this.#left) break;
      this.#left -= bytes;
      parts.push(part);
    }
    return { parts, more: items.length - parts.length };
  }
}
