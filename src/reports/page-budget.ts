import type { Markup } from './markup.ts';

/**
 * Limit on the bytes of one part of a page. Texts from files can be long, and with escapes they are up to eight times
 * as long. So the lists are measured, and a page stays small enough to send even for a very bad file.
 */
export class PageBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** As many of the items, in order, as fit; the others are only counted. */
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
