/** Excel runs text that begins with one of these; a plain number does no harm. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?[0-9]+([.,][0-9]+)*$/;

/** A line of CSV (RFC 4180) in which nothing runs as a formula; a null is an empty cell. */
export function safeCsvLine(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => (cell === null ? '' : quoted(withoutFormula(cell)))).join(',')}\r\n`;
}

/** A text that no spreadsheet program runs. */
function withoutFormula(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
