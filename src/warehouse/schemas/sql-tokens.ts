/** One token of SQL text. A `hole` is a place for a bound value: `$1`, or NUL where a statement is cut. */
export interface SqlToken {
  readonly kind: 'name' | 'quoted' | 'text' | 'dollar' | 'hole' | 'sign';
  readonly text: string;
  readonly at: number;
}

/**
 * In the order in which they are tried: blanks and line comments; texts with backslashes, other texts; quoted names; text
 * in dollar quotes; holes; words; numbers, so that no point of theirs divides names; any other character. The start of a
 * block comment goes first, for these nest.
 */
const TOKEN = new RegExp(
  [
    /(?<blank>\s+|--[^\n]*)/u,
    /(?<text>[eE]'(?:[^'\\]|\\[\s\S]|'')*'|(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*')/u,
    /(?<quoted>(?:[uU]&)?"(?:[^"]|"")*")/u,
    /(?<dollar>\$(?<tag>(?:[A-Za-z_\u{80}-\u{10FFFF}][\w\u{80}-\u{10FFFF}]*)?)\$[\s\S]*?\$\k<tag>\$)/u,
    /(?<hole>\$\d+|\0)/u,
    /(?<name>[A-Za-z_\u{80}-\u{10FFFF}][\w$\u{80}-\u{10FFFF}]*)/u,
    /(?<number>\d+(?:\.\d+)?\w*)/u,
    /(?<sign>[\s\S])/u,
  ]
    .map(({ source }) => source)
    .join('|'),
  'uy',
);

/** The tokens of SQL text of either engine; blanks and comments are left out. */
export function sqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let at = 0; at < sql.length; ) {
    if (sql.startsWith('/*', at)) {
      at = endOfComment(sql, at);
      continue;
    }
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(sql);
    const text = found?.[0] ?? (sql[at] as string);
    const groups = found?.groups ?? {};
    const kind = KINDS.find((each) => groups[each] !== undefined);
    if (kind !== undefined) tokens.push({ kind, text, at });
    else if (groups['number'] !== undefined) tokens.push({ kind: 'sign', text, at });
    at += text.length;
  }
  return tokens;
}

const KINDS = ['text', 'quoted', 'dollar', 'hole', 'name', 'sign'] as const;

function endOfComment(sql: string, start: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  for (let depth = 0; ; ) {
    const found = edge.exec(sql);
    if (found === null) return sql.length;
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
}

/** A name as the engines read it: without quotes in small letters. U&"…" stays as it is written. */
export function foldedName(token: SqlToken): string {
  if (token.kind === 'name') return token.text.toLowerCase();
  return token.text.startsWith('"') ? token.text.slice(1, -1).replaceAll('""', '"') : token.text;
}

/** The word or sign at a place among tokens; '' for anything else. */
export class Neighbours {
  readonly #tokens: readonly SqlToken[];

  constructor(tokens: readonly SqlToken[]) {
    this.#tokens = tokens;
  }

  /** A word without quotes, in small letters. */
  word(i: number): string {
    const token = this.#tokens[i];
    return token?.kind === 'name' ? foldedName(token) : '';
  }

  /** A name, in quotes or without. */
  name(i: number): string {
    const token = this.#tokens[i];
    return token?.kind === 'name' || token?.kind === 'quoted' ? foldedName(token) : '';
  }

  sign(i: number): string {
    const token = this.#tokens[i];
    return token?.kind === 'sign' ? token.text : '';
  }
}
