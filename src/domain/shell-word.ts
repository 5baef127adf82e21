/** A word of a command for a shell: unchanged where that is safe, else in quotes. */
export function shellWord(text: string): string {
  return /^[\p{L}\p{N}_.,:+@%/=-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
