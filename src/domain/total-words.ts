const WORD =
  'grand total|sub-?totals?|totals?|sum|gesamtsumme|gesamtergebnis|endsumme|zwischensumme|summe|insgesamt|gesamt|' +
  'sous-total|total général|total general|totaux|somme|subtotaal|totaal|totale|suma|razem';
const BEFORE = new RegExp(`^(?:${WORD})(?![\\p{L}\\p{N}])`, 'iu');
const BEHIND = new RegExp(`(?<![\\p{L}\\p{N}])(?:${WORD})$`, 'iu');
const NOTE = /^(?:source|quelle|notes?|footnote|legend)(?![\p{L}\p{N}])/iu;

/** What the text at the start of a row says about a total. */
export interface TotalWords {
  /** As written. */
  readonly word: string;
  readonly place: 'before' | 'behind';
  /** What the total is about; empty where the row has only a count beside the word, as in `TOTAL (3)`. */
  readonly of: string;
}

/** For `Total`, `Subtotal North`, `North Total`; null where the text has no such word at either end. */
export function totalWords(text: string): TotalWords | null {
  const before = BEFORE.exec(text)?.[0];
  const word = before ?? BEHIND.exec(text)?.[0];
  if (word === undefined) return null;
  const rest = before === undefined ? text.slice(0, -word.length) : text.slice(word.length);
  const of = rest.replace(/^[\s:;,.()=–-]+|[\s:;,.()=–-]+$/g, '');
  return { word, place: before === undefined ? 'behind' : 'before', of: /^\d*$/.test(of) ? '' : of };
}

/** The word with which a source or a note begins; null where the text begins otherwise. */
export function noteWord(text: string): string | null {
  return NOTE.exec(text)?.[0] ?? null;
}
