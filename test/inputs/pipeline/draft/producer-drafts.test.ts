import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drafted } from '../../../unit/pipeline/draft/drafted.ts';
import { COLUMNS, FOLDER } from '../../../unit/readers/xlsx/producer-facts.ts';
import { asFact, typedFacts } from '../../../unit/readers/xlsx/producer-types.ts';
import { SAID } from '../../../unit/readers/xlsx/producers-said.ts';

describe('what a draft alone makes of the same facts by many producers', () => {
  it.each(Object.entries(SAID))('%s, but for %j', async (name, exceptions) => {
    const bytes = readFileSync(resolve(FOLDER, name));
    const { dataset, found, told, notes, rows } = await drafted('facts_2025-06.xlsx', bytes);
    const isLeftOut = exceptions.includes('uncalculated');
    const columns = COLUMNS.filter((column) => column !== 'total' || !isLeftOut);
    expect(dataset.fields.map((field) => field.name)).toEqual(columns);
    const expected = typedFacts(exceptions);
    expect(found.rows).toMatchObject({ read: 12, accepted: expected.length });
    const values = rows.map((row) => row.map((value, i) => asFact(value, dataset.fields[i]?.type ?? '')));
    // One row in twelve is more than may be rejected: such a file says where, and loads nothing.
    if (expected.length < 12) expect([values, told]).toEqual([[], ['type-error F10 #DATE']]);
    else expect(values).toEqual(expected.map((fact) => columns.map((column) => fact[column])));
    expect(notes.some((note) => note.startsWith('total: left out'))).toBe(isLeftOut);
    expect(dataset.primaryKey).toEqual(['id']);
  });
});
