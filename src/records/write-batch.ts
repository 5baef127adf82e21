import { join } from 'node:path';
import { labelOf } from '../checks/planned-column.ts';
import type { Field, RecordsDataset } from '../domain/dataset.ts';
import { shownText } from '../domain/shown-text.ts';
import { CanonicalWriter } from '../readers/canonical-writer.ts';
import type { CanonicalExtract, CellKind } from '../readers/reader.ts';
import { JsonFault } from '../readers/records/json-fault.ts';
import type { JsonValue } from '../readers/records/json-value.ts';
import { compileMembers, readRecord } from '../readers/records/read-record.ts';
import { fieldType } from '../types/registry.ts';
import type { RecordPlan } from './record-plan.ts';

/** A record as it was handed over. */
export interface HandedOver {
  readonly stagingId: number;
  readonly text: string;
  /** Its text was removed after it had been promoted. */
  readonly isPruned?: boolean;
}

/** A fault of a whole record, found while it was read. */
export interface RecordFault {
  readonly stagingId: number;
  readonly code: string;
  readonly message: string;
}

/** The records of a batch as rows of raw cells, numbered by staging_id. */
export interface WrittenBatch {
  readonly extract: CanonicalExtract;
  /** Records that are no rows; they are not in the extract. */
  readonly faults: readonly RecordFault[];
  /** Some record lacks a member that a field reads. */
  readonly hasAbsent: boolean;
  /** How many records had each member that no field reads. */
  readonly unread: ReadonlyMap<string, number>;
}

const SHOWN_MEMBERS = 3;
const PRUNED = 'Its text was removed after it had been promoted; hand the record over again.';

/** Reads every record by the paths of the fields, and writes its cells into a canonical file in the folder. */
export async function writeBatch(
  folder: string,
  dataset: RecordsDataset,
  plan: RecordPlan,
  portions: AsyncIterable<readonly HandedOver[]>,
): Promise<WrittenBatch> {
  const width = plan.columns.length;
  const path = join(folder, 'records.cells');
  const writer = new CanonicalWriter(path, width);
  const members = compileMembers(plan.reads.map((each) => each.path));
  const constants = dataset.fields.map(({ value }) => value ?? '');
  const faults: RecordFault[] = [];
  const unread = new Map<string, number>();
  let hasAbsent = false;
  try {
    for await (const portion of portions) {
      for (const { stagingId, text, isPruned } of portion) {
        if (isPruned) {
          faults.push({ stagingId, code: 'pruned-record', message: PRUNED });
          continue;
        }
        const read = readOrFault(text);
        if (read instanceof JsonFault) {
          faults.push({
            stagingId,
            code: 'bad-record',
            message: `The record cannot be read: ${read.message}.`,
          });
          continue;
        }
        for (const name of read.unread) countUnread(unread, name);
        const fault = wholeFault(dataset, read) ?? inexactNumber(plan, read.values);
        if (fault !== null) {
          faults.push({ stagingId, ...fault });
          continue;
        }
        const cells = [...constants];
        const kinds: CellKind[] = dataset.fields.map(() => 's');
        const marks = dataset.fields.map(() => '1');
        plan.reads.forEach(({ index }, i) => {
          const value = read.values[i] as JsonValue;
          const field = dataset.fields[index] as Field;
          const [cell, kind] = cellOf(field, value);
          cells[index] = cell;
          kinds[index] = kind;
          if (value.kind === 'absent') marks[index] = '0';
        });
        const mark = marks.join('');
        hasAbsent ||= mark.includes('0');
        const writing = writer.writeRow(stagingId, width, `${kinds.join('')}s`, [...cells, mark]);
        if (writing) await writing;
      }
    }
  } finally {
    await writer.close();
  }
  const done = await writer.close();
  const extract = {
    ...done,
    form: 'canonical',
    path,
    width,
    blankRows: 0,
    hiddenRows: 0,
    notes: [],
  } as const;
  return { extract, faults, hasAbsent, unread };

  function readOrFault(text: string) {
    try {
      return readRecord(text, members);
    } catch (error) {
      if (error instanceof JsonFault) return error;
      throw error;
    }
  }
}

/** Hostile records, each with members of other names, must not fill the memory. */
const MOST_UNREAD = 1000;

function countUnread(unread: Map<string, number>, name: string): void {
  const shown = shownText(name);
  const before = unread.get(shown);
  if (before !== undefined || unread.size < MOST_UNREAD) unread.set(shown, (before ?? 0) + 1);
}

function wholeFault(
  { source }: RecordsDataset,
  { doubled, unread }: ReturnType<typeof readRecord>,
): Omit<RecordFault, 'stagingId'> | null {
  const [twice] = doubled;
  if (twice !== undefined) {
    const message = `The member ${shownText(twice)} is in it twice, and nobody can know which one is right.`;
    return { code: 'doubled-member', message };
  }
  if (source.unknown !== 'refuse' || unread.length === 0) return null;
  const more = unread.length > SHOWN_MEMBERS ? ' and more' : '';
  const message = `It has members that no field reads: ${unread
    .slice(0, SHOWN_MEMBERS)
    .map((name) => shownText(name))
    .join(', ')}${more}.`;
  return { code: 'unknown-member', message };
}

/** The digits that a binary number keeps, whichever they are, and those that are written to name one exactly. */
const KEPT_DIGITS = 15;
const WRITTEN_DIGITS = 17;

/** A number that its column, a binary number, would change. */
function inexactNumber(
  { columns, reads }: RecordPlan,
  values: readonly JsonValue[],
): Omit<RecordFault, 'stagingId'> | null {
  for (const [i, { index }] of reads.entries()) {
    const column = columns[index] as RecordPlan['marks'];
    const { text } = values[i] as JsonValue;
    if (text.length <= KEPT_DIGITS || column.sqlType !== 'DOUBLE' || !losesDigits(text)) continue;
    const message = `${labelOf(column.field)}: the number has more digits than the column can keep.`;
    return { code: 'inexact-number', message };
  }
  return null;
}

function losesDigits(text: string): boolean {
  const [, whole, fraction = ''] = /^\s*[-+]?(\d+)(?:\.(\d*))?(?:[eE][-+]?\d+)?\s*$/.exec(text) ?? [];
  if (whole === undefined) return false;
  const digits = (whole + fraction).replace(/^0+|0+$/g, '').length;
  if (digits <= KEPT_DIGITS) return false;
  if (digits > WRITTEN_DIGITS) return true;
  return /^\s*[-+]?\d+\s*$/.test(text) && BigInt(Number(text)) !== BigInt(text);
}

function cellOf(field: Field, { kind, text }: JsonValue): readonly [string, CellKind] {
  switch (kind) {
    case 'absent':
    case 'null':
      return field.defaultText === null ? ['', '_'] : [field.defaultText, 's'];
    case 'string':
      return [text, text === '' ? '_' : 's'];
    case 'number':
      return [text, 'w'];
    case 'boolean':
      return [text.toUpperCase(), 'l'];
    case 'object':
    case 'array':
      return [text, fieldType(field).column(field) === 'JSON' ? 's' : 'o'];
  }
}
