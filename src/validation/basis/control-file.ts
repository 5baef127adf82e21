import { lstatSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { ControlFile, WrittenTotal } from '../../checks/basis.ts';
import { moduleOf } from '../../checks/registry.ts';
import { controlNames } from '../../domain/control-name.ts';
import type { Dataset } from '../../domain/dataset.ts';
import { measureText, parseMeasure } from '../../domain/measure.ts';
import { NotAnObject, readMembers } from '../../readers/jsonl/object-members.ts';

/** A control file holds a handful of numbers. */
const MAX_BYTES = 64 * 1024;

/** Reads the control file of a landed file, if a check of the dataset needs it; null: no check does. */
export function readControlFile(landed: string, dataset: Dataset): ControlFile | null {
  if (!dataset.checks.some((check) => moduleOf(check).needs(check).controlFile === true)) return null;
  const names = controlNames(landed);
  const path = names.find((one) => lstatSync(one, { throwIfNoEntry: false }) !== undefined);
  if (path === undefined) return { state: 'missing', name: basename(names[0] as string) };
  const name = basename(path);
  const found = lstatSync(path);
  // A link could lead anywhere.
  if (!found.isFile()) return { state: 'unreadable', name, why: 'it is not a file of its own' };
  if (found.size > MAX_BYTES) return { state: 'unreadable', name, why: 'it is too large' };
  const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  const pairs = path.toLowerCase().endsWith('.json') ? fromJson(text) : fromCsv(text);
  if (typeof pairs === 'string') return { state: 'unreadable', name, why: pairs };
  const totals = new Map<string, WrittenTotal>();
  for (const [key, total] of pairs) {
    const measure = known(key, dataset);
    if (measure === null) continue;
    if (totals.has(measure)) return { state: 'unreadable', name, why: `'${key}' is in it twice` };
    totals.set(measure, total);
  }
  return { state: 'read', name, totals };
}

/** A measure as the configuration writes it, for a field's name, title or alias; null: unknown. */
function known(key: string, dataset: Dataset): string | null {
  const measure = parseMeasure(key.trim().replace(/^[A-Za-z]+/, (word) => word.toLowerCase()));
  if (measure === null || measure === 'rows') return measure;
  const same = (one: string | null) => one?.toLowerCase() === measure.field.toLowerCase();
  const field = dataset.fields.find(({ name, title, aliases }) => [name, title, ...aliases].some(same));
  return field === undefined ? null : measureText({ ...measure, field: field.name });
}

type Pairs = readonly (readonly [key: string, total: WrittenTotal])[];

function fromJson(text: string): Pairs | string {
  try {
    return readMembers(text.trim()).map(([key, cell]) => [
      key,
      { text: cell.text, plain: cell.kind === 'n' || cell.kind === 'w' },
    ]);
  } catch (error) {
    if (error instanceof NotAnObject) return 'it is not one JSON object';
    throw error;
  }
}

/** Either a line of measures above a line of totals, or one line for each: measure, total. */
function fromCsv(text: string): Pairs | string {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  const [first = '', second] = lines;
  const delimiter = [';', '\t', '|', ','].find((one) => first.includes(one)) ?? ',';
  const rows = lines.map((line) => cellsOf(line, delimiter));
  const heads = rows[0] ?? [];
  const total = (value: string | undefined) => ({ text: value?.trim() ?? '', plain: false });
  if (second !== undefined && heads.every((head) => parseMeasure(head.toLowerCase()) !== null)) {
    if (rows.length !== 2) return 'it has more than one line of totals';
    return heads.map((head, i) => [head, total(rows[1]?.[i])]);
  }
  return rows.map(([key = '', value]) => [key, total(value)]);
}

function cellsOf(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i] as string;
    if (char === '"' && quoted && line[i + 1] === '"') cell += line[++i];
    else if (char === '"') quoted = !quoted;
    else if (char === delimiter && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += char;
  }
  return [...cells, cell];
}
