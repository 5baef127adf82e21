/**
 * Control characters, direction marks and line breaks would change how a sentence reads, or would be invisible in it.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/**
 * A text from a file as sentences show it: on one line, without invisible characters, and at most `longest` characters.
 */
export function shownText(text: string, longest = 80): string {
  const clean = text.replace(UNSEEN, (char) =>
    /[\n\r\t]/.test(char) ? ' ' : `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
  return clean.length > longest ? `${whole(clean, longest - 1)}…` : clean;
}

/** Never cut between the two halves of a surrogate pair. */
export function whole(text: string, longest: number): string {
  const cut = text.slice(0, longest);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}
