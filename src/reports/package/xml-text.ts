/** What XML cannot hold is written the way Excel does (`_x0007_`), and read back so. */
export function excelText(text: string): string {
  return text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Surrogate}/gu, (c) => `_x${hex4(c)}_`);
}

/** Text as it stands in an OOXML part. */
export function xmlText(text: string): string {
  return excelText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Text in an attribute, where no escape of Excel's counts: what XML cannot hold is left out. */
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

/** No cell holds more. */
const MAX_TEXT = 32_767;

/** Cut to what a cell or a comment can hold, never inside a character. */
export function shortened(text: string, length: number): string {
  const most = Math.min(length, MAX_TEXT);
  if (text.length <= most) return text;
  const end = most - 1;
  const half = /[\ud800-\udbff]/.test(text[end - 1] ?? '');
  return `${text.slice(0, half ? end - 1 : end)}…`;
}
