/** Characters that XML cannot hold are written as Excel writes them (`_x0007_`), and are read back in the same way. */
export function excelText(text: string): string {
  return text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Surrogate}/gu, (c) => `_x${hex4(c)}_`);
}

/** Text as it is written in an OOXML part. */
export function xmlText(text: string): string {
  return excelText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Text in an attribute, where Excel's escapes do not count: characters that XML cannot hold are left out. */
export function xmlAttribute(text: string): string {
  return text
    .replace(/[\u0000-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function hex4(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
}

/** The longest text of a cell. */
const MAX_TEXT = 32_767;

/** Cut to what a cell or a comment can hold, never inside a character. */
export function shortened(text: string, length: number): string {
  const most = Math.min(length, MAX_TEXT);
  if (text.length <= most) return text;
  const end = most - 1;
  const half = /[\ud800-\udbff]/.test(text[end - 1] ?? '');
  return `${text.slice(0, half ? end - 1 : end)}…`;
}
