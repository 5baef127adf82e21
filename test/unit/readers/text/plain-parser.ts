/** A second, plain reading of delimited text, to hold the real one against: whole text in memory, one pattern a cell. */
export interface PlainRow {
  /** 1-based line the record starts on. */
  readonly row: number;
  readonly cells: readonly string[];
}

export interface PlainDialect {
  readonly delimiter: string;
  /** Empty: nothing is quoted. */
  readonly quote: string;
}

/** Rows, or the word for why the text has none: a quote amiss, or a NUL. */
export function parsePlainly(
  text: string,
  { delimiter, quote }: PlainDialect,
): readonly PlainRow[] | 'nul' | 'quote' {
  if (text.includes('\0')) return 'nul';
  const body = text.replace(/^\ufeff/, '').replace(/\x1a+$/, '');
  const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const d = escaped(delimiter);
  const q = quote === '' ? null : escaped(quote);
  const quoted = q === null ? null : new RegExp(`${q}((?:[^${q}]|${q}${q})*)${q}(?=${d}|\\r|\\n|$)`, 'y');
  const bare = new RegExp(`[^${d}\\r\\n]*`, 'y');
  const rows: PlainRow[] = [];
  let line = 1;
  for (let at = 0; at < body.length; ) {
    const cells: string[] = [];
    const row = line;
    for (;;) {
      const opens = quoted !== null && body[at] === quote;
      const pattern = opens ? (quoted as RegExp) : bare;
      pattern.lastIndex = at;
      const found = pattern.exec(body);
      if (found === null) return 'quote';
      at = pattern.lastIndex;
      cells.push(opens ? (found[1] as string).replaceAll(quote + quote, quote) : found[0]);
      line += found[0].match(/\r\n|\r|\n/g)?.length ?? 0;
      if (body[at] !== delimiter) break;
      at++;
    }
    rows.push({ row, cells });
    if (body.startsWith('\r\n', at)) at += 2;
    else if (at < body.length) at++;
    line++;
  }
  return rows;
}

/** 0x80 to 0x9f; Node's own decoder takes them for Latin-1 on some versions. */
const WINDOWS = '€?‚ƒ„…†‡ˆ‰Š‹Œ?Ž??‘’“”•–—˜™š›œ?žŸ';

export function windowsText(bytes: Buffer): string {
  const latin = bytes.toString('latin1');
  return latin.replace(/[\x80-\x9f]/g, (char) => WINDOWS[char.charCodeAt(0) - 0x80] as string);
}
