/** Endings of a control file: its name is that of the delivery, with one of these in place of the delivery's ending. */
const CONTROL_ENDINGS = ['.control.csv', '.control.json'] as const;

/** `payments_2025-06.control.csv` for `payments_2025-06.xlsx`, and the same in JSON. */
export function controlNames(file: string): readonly string[] {
  const stem = file.replace(/\.[^./\\]*$/, '');
  return CONTROL_ENDINGS.map((ending) => `${stem}${ending}`);
}

/** The name of the delivery without its ending; null where the file is no control file. */
export function controlledStem(file: string): string | null {
  const ending = CONTROL_ENDINGS.find((one) => file.toLowerCase().endsWith(one));
  return ending === undefined ? null : file.slice(0, -ending.length);
}
