/** A word of a command as a shell takes it: as it stands where it can, else in quotes. */
export function shellWord(text: string): string {
  return /^[\p{L}\p{N}_.,:+@%/=-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
