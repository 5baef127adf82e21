/** Text as it stands in a pattern. */
export const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Signs that people type for each other: spaces of all widths, apostrophes straight and curly. */
export const ALIKE: Record<string, string> = {
  ' ': '[ \\x{00A0}\\x{202F}\\x{2009}]',
  "'": "['\\x{2019}]",
  '\u2019': "['\\x{2019}]",
};
