import { expect, test } from 'vitest';
import {
  datasetOf,
  type SheetCell,
  type Validated,
  validateCells,
  validateText,
} from '../validation/validate-text.ts';

type Field = Record<string, unknown>;

/** What became of one cell: its value, where its row was accepted, and what was told of it, as of the first cell, A2 or 2:1. */
export interface Became {
  readonly accepted: boolean;
  readonly value: unknown;
  readonly codes: readonly string[];
  readonly told: readonly string[];
}

/**
 * A file of as many columns as there are fields, and a row for each of them in which nothing but its own cell is filled:
 * no cell is judged together with another one, and all of them are read in one go.
 */
function sparse(fields: readonly Field[], source: Field = {}) {
  const columns = fields.map((field, i) => ({ name: nameOf(i), ...field }));
  return datasetOf([...columns, { name: 'z' }], { accept: { max_rejected: '100%' }, source });
}

function becameOf({ accepted, report, told }: Validated, count: number): Became[] {
  const byRow = new Map(accepted.map((row) => [String(row.z), row]));
  return Array.from({ length: count }, (_, i) => {
    const row = byRow.get(String(i));
    const own = report.findings.flatMap(({ code, row, cell }, f) =>
      row === i + 2 ? { code, told: asFirst(told[f] as string, cell, i) } : [],
    );
    return {
      accepted: row !== undefined,
      value: row?.[nameOf(i)],
      codes: own.map(({ code }) => code),
      told: own.map((one) => one.told),
    };
  });
}

/** What is told of a text's or workbook's own cell, as if it were the first one. */
function asFirst(told: string, cell: string | null, i: number): string {
  if (cell === `${i + 2}:${i + 1}`) return told.replace(cell, '2:1');
  return cell === `${letters(i)}${i + 2}` ? told.replace(cell, 'A2') : told;
}

function nameOf(column: number): string {
  return column === 0 ? 'v' : `v${column}`;
}

function letters(column: number): string {
  return (column < 26 ? '' : letters(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));
}

/** What each text becomes in its field, a value or the codes of its findings: by every way in which texts are read. */
async function readTexts(asked: readonly (readonly [field: Field, text: string])[]): Promise<unknown[]> {
  const { dataset, text } = fileOf(asked);
  const plain = await validateText(dataset, text);
  const quick = await validateText(dataset, text, { quickFrom: 0 });
  expect([quick.accepted, quick.told]).toEqual([plain.accepted, plain.told]);
  const exact = await validateText(dataset, `${text}${'"";'.repeat(asked.length)}y\n`, { canonical: true });
  expect(exact.accepted.at(-1)?.z).toBe('y');
  const [values, same] = [plain, exact].map((one) =>
    becameOf(one, asked.length).map(({ accepted, value, codes }) => (accepted ? value : codes.join())),
  );
  expect(same).toEqual(values);
  return values as unknown[];
}

/** What is told of each text, and whether its row is accepted, with options of the validation. */
export async function judgeTexts(
  asked: readonly (readonly [field: Field, text: string])[],
  options: Parameters<typeof validateText>[2] = {},
): Promise<Became[]> {
  const { dataset, text } = fileOf(asked);
  return becameOf(await validateText(dataset, text, options), asked.length);
}

function fileOf(asked: readonly (readonly [field: Field, text: string])[]) {
  const dataset = sparse(
    asked.map(([field]) => field),
    { delimiter: ';' },
  );
  const header = `${asked.map((_, i) => nameOf(i)).join(';')};z\n`;
  const lines = asked.map(([, text], i) => `${';'.repeat(i)}${text}${';'.repeat(asked.length - i)}${i}\n`);
  return { dataset, text: header + lines.join('') };
}

/** What a statement costs grows faster than the columns it names. */
const AT_ONCE = 12;

/** Tests what texts become, each in a field of its own; `name` is of `test.each`. */
export function testFields(
  name: string,
  cases: readonly (readonly [field: Field, text: string, value: unknown])[],
): void {
  const read = inFiles(cases.map(([field, text]) => [field, text]));
  test.each(cases.map((one, i) => [...one, i] as const))(name, async (_field, _text, value, i) =>
    expect(await read(i)).toBe(value),
  );
}

/** Tests what texts become in one field. */
export function testTexts(
  name: string,
  field: Field,
  cases: readonly (readonly [text: string, value: unknown])[],
): void {
  const read = inFiles(cases.map(([text]) => [field, text]));
  test.each(cases.map((one, i) => [...one, i] as const))(name, async (_text, value, i) =>
    expect(await read(i)).toBe(value),
  );
}

/** Reads a file when the first of its texts is asked for. */
function inFiles(asked: readonly (readonly [field: Field, text: string])[]): (i: number) => Promise<unknown> {
  const read = new Map<number, Promise<unknown[]>>();
  return async (i) => {
    const first = i - (i % AT_ONCE);
    if (!read.has(first)) read.set(first, readTexts(asked.slice(first, first + AT_ONCE)));
    return (await read.get(first))?.[i - first];
  };
}

/** What the cells of a workbook become, each in a field of its own. */
export async function readCells(
  asked: readonly (readonly [field: Field, cell: SheetCell])[],
): Promise<Became[]> {
  const blank: SheetCell = ['_', ''];
  const rows = asked.map(([, cell], i) => [
    ...asked.map((_, at) => (at === i ? cell : blank)),
    ['s', String(i)] as const,
  ]);
  return becameOf(await validateCells(sparse(asked.map(([field]) => field)), rows), asked.length);
}

/** What one text becomes in a field. */
export async function read(field: Field, text: string): Promise<unknown> {
  return (await readTexts([[field, text]]))[0];
}
