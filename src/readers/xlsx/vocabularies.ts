import { nameCode } from './xml-name.ts';

interface Scope {
  /** Depth inside the element that binds the prefixes. */
  readonly depth: number;
  readonly bound: ReadonlyMap<number, string>;
}

/**
 * The vocabulary of each prefix of a part at the element that is being read. Prefixes by `nameCode`; 0 means no prefix.
 */
export class Vocabularies {
  #main: string | undefined;
  #rootPrefix = 0;
  #root: ReadonlyMap<number, string> = new Map();
  /** Prefixes that the root binds to its own vocabulary. */
  readonly #own = new Set<number>();
  /** Bindings of elements below the root, the innermost last. Few parts have any. */
  readonly #scopes: Scope[] = [];

  enterRoot(prefix: number, bound: ReadonlyMap<number, string>): void {
    this.#root = bound;
    this.#rootPrefix = prefix;
    this.#main = bound.get(prefix);
    for (const [one, uri] of bound) if (uri === this.#main) this.#own.add(one);
  }

  enter(depth: number, bound: ReadonlyMap<number, string>): void {
    this.#scopes.push({ depth, bound });
  }

  /** Forgets the bindings of elements that are closed at that depth. */
  leave(depth: number): void {
    while (this.#scopes.length > 0 && (this.#scopes.at(-1) as Scope).depth > depth) this.#scopes.pop();
  }

  /** The address of the vocabulary; undefined where no element binds the prefix. */
  of(prefix: number): string | undefined {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const uri = this.#scopes[i]?.bound.get(prefix);
      if (uri !== undefined) return uri;
    }
    return this.#root.get(prefix);
  }

  /** Whether it is the root's vocabulary. */
  isOwn(prefix: number): boolean {
    if (this.#scopes.length === 0) return prefix === this.#rootPrefix || this.#own.has(prefix);
    const uri = this.of(prefix);
    return uri === undefined ? prefix === this.#rootPrefix : uri === this.#main;
  }
}

/**
 * The vocabularies that these attributes declare. `xmlns=""` is left out: programs write it on elements of ours by mistake.
 */
export function bindingsOf(
  attributes: readonly (readonly [name: string, value: string])[],
): ReadonlyMap<number, string> {
  const bound = new Map<number, string>();
  for (const [name, uri] of attributes) {
    const [xmlns, own = ''] = name.split(':');
    if (xmlns === 'xmlns' && uri !== '') bound.set(nameCode(own), uri);
  }
  return bound;
}
