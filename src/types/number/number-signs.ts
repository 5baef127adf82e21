/** A text inside a pattern, with its special characters escaped. */
export const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Signs that people use for each other: spaces of all widths, straight and curly apostrophes. */
export const ALIKE: Record<string, string> = {
  ' ': '[ \\x{00A0}\\x{202F}\\x{2009}]',
  "'": "['\\x{2019}]",
  '\u2019': "['\\x{2019}]",
};
