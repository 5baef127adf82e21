import { describe, expect, it, onTestFinished } from 'vitest';
import { resolveField } from '../../../src/config/resolve-field.ts';
import type { Field } from '../../../src/domain/dataset.ts';
import { columnType } from '../../../src/types/column-type.ts';
import { fieldType, TYPES, typeOf } from '../../../src/types/registry.ts';
import { sliceValue } from '../../../src/types/slice-value.ts';
import { Scratch } from '../../../src/validation/scratch.ts';
import { temporaryFolder } from '../validation/validate-text.ts';

const fieldOf = (type: string): Field =>
  resolveField({ name: 'v', type }, { missingValues: [''], locale: null, records: false }, [], []);
const NAMES = { raw: 'c', cast: 'f', text: 'c', kind: null };

describe('the types of fields', () => {
  it('have names of their own, and a name without a type is nobody’s', () => {
    expect(new Set(TYPES.map(({ name }) => name)).size).toBe(TYPES.length);
    for (const type of TYPES) expect(fieldType(fieldOf(type.name))).toBe(type);
    expect(() => typeOf('money')).toThrow("no field type 'money'");
  });

  it.each(TYPES.map((type) => [type.name, type] as const))(
    '%s reads a limit as it is written in the configuration, and compares it with values of its column',
    async (name, type) => {
      const { bound, constant } = type.config;
      if (bound === null) return;
      const text = bound === 'any text' ? 'any' : bound.example;
      if (bound !== 'any text') expect(text).toMatch(bound.pattern);
      const field = fieldOf(name);
      const { parse } = type.sql(field, NAMES);
      const scratch = await Scratch.open(temporaryFolder());
      onTestFinished(() => scratch.close());
      const row = await scratch.row<{ same: boolean; kind: string }>(
        `SELECT v = ${constant(field, text)} AS same, typeof(v) AS kind FROM (SELECT ${parse} AS v FROM (SELECT '${text}' AS c))`,
      );
      expect(row).toEqual({ same: true, kind: columnType(field).replace(/\(7\)$/, '') });
    },
  );

  it.each(TYPES.map((type) => [type.name, type] as const))(
    '%s has a value in its own column for the text of a slice, or none at all',
    (name, type) => {
      const field = fieldOf(name);
      const column = columnType(field);
      expect(type.slices.columns).toContain(/^\w+/.exec(column)?.[0]);
      expect(sliceValue('{} [] /', column, field)).toBe(type.cells.anyText ? '{} [] /' : null);
    },
  );

  it('draft every column: the last guess is that of any text', () => {
    const rules = TYPES.flatMap(({ drafting }) => drafting.rules);
    const last = rules.reduce((one, two) => (two.rank > one.rank ? two : one));
    const sample = { header: 'x', month: null, decimalChar: null, kinds: new Set(['s']) };
    const values = new Map([['any text', 's']]);
    expect(last.guess({ ...sample, values, texts: ['any text'] })?.typed).toEqual({ type: 'string' });
  });
});
