/** A text at the start of rows that are to be left out. */
export interface RowStart {
  readonly text: string;
  /** The part by which such rows can be recognised in the next file. */
  readonly word: string;
  readonly place: 'before' | 'behind' | 'number';
}

export interface RowPattern {
  /** A regular expression for RE2; null where there is none. */
  readonly pattern: string | null;
  /** Texts that no pattern can tell from the rows of data. */
  readonly left: readonly string[];
}

const NUMBER = '^[-+]?[0-9][0-9.,]*$';

/**
 * A pattern for rows that begin with one of the texts and for no row of data: by its word (`^Total`, ` Total$`), or by
 * the whole text where the word would match a row of data too. @param isData Whether a row of data begins with a text
 * that matches.
 */
export function rowPattern(starts: readonly RowStart[], isData: (pattern: RegExp) => boolean): RowPattern {
  const before = new Set<string>();
  const behind = new Set<string>();
  const left = new Set<string>();
  for (const { text, word, place } of starts) {
    if (place === 'number') {
      if (isData(new RegExp(NUMBER, 'u'))) left.add(text);
      else behind.add(NUMBER);
      continue;
    }
    const byWord = place === 'before' ? escaped(word) : ` ${escaped(word)}$`;
    const byAll = `${escaped(text)}$`;
    const matches = (pattern: string) => new RegExp(pattern, 'u').test(text);
    if (place === 'before' && !isData(new RegExp(`^${byWord}`, 'u'))) before.add(byWord);
    else if (place === 'behind' && matches(byWord) && !isData(new RegExp(byWord, 'u'))) behind.add(byWord);
    else if (!isData(new RegExp(`^${byAll}`, 'u'))) before.add(byAll);
    else left.add(text);
  }
  const begin =
    before.size === 0 ? [] : [`^${before.size === 1 ? [...before][0] : `(${[...before].join('|')})`}`];
  const all = [...begin, ...behind];
  return { pattern: all.length === 0 ? null : all.join('|'), left: [...left] };
}

/** In both dialects of regular expressions, JavaScript's and RE2. */
function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
