import type { Field, RecordsDataset } from '../domain/dataset.ts';
import type { JsonValue } from '../readers/records/json-value.ts';
import { typeRecords } from '../validation/check-records.ts';
import { Scratch } from '../validation/scratch.ts';
import { recordPlan } from './record-plan.ts';
import { type HandedOver, writeBatch } from './write-batch.ts';

/**
 * What a field makes of values as records have them: cleaned, and with its type, written as core writes it; null: empty, or
 * not of its type. In the order of the values. The folder is for scratch files.
 */
export async function typedTexts(
  folder: string,
  dataset: RecordsDataset,
  field: Field,
  values: readonly JsonValue[],
): Promise<readonly (string | null)[]> {
  if (values.length === 0) return [];
  const alone: RecordsDataset = { ...dataset, fields: [{ ...field, path: null }] };
  const records = values.map((value, stagingId) => ({ stagingId, text: recordWith(field, value) }));
  const plan = recordPlan(alone, true);
  const { extract } = await writeBatch(folder, alone, plan, only(records));
  const scratch = await Scratch.open(folder, { width: extract.width, bytes: 0 });
  try {
    const { typed } = await typeRecords(scratch, extract, plan.columns);
    const rows = await scratch.rows<{ r: string | number; value: string | null }>(
      `SELECT r, CAST(v0 AS VARCHAR) AS value FROM ${typed.relation}`,
    );
    const found = new Map(rows.map(({ r, value }) => [Number(r), value]));
    return values.map((_, i) => found.get(i) ?? null);
  } finally {
    scratch.close();
  }
}

async function* only(portion: readonly HandedOver[]): AsyncGenerator<readonly HandedOver[]> {
  yield portion;
}

/** A record that has the value in the member of the field's name. */
function recordWith({ name }: Field, { kind, text }: JsonValue): string {
  if (kind === 'absent') return '{}';
  const value = kind === 'string' ? JSON.stringify(text) : kind === 'null' ? 'null' : text;
  return `{${JSON.stringify(name)}: ${value}}`;
}
