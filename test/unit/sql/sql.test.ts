import { describe, expect, it } from 'vitest';
import { columnList, ident, join, literal, raw, sql } from '../../../src/sql/sql.ts';
import { inlined } from '../../../src/warehouse/postgres/bind.ts';

describe('a statement', () => {
  it('binds values and inlines statements, whatever is in them', () => {
    const part = sql`name = ${"x'; DROP TABLE t; --"}`;
    const whole = sql`SELECT ${ident('a"b')} FROM ${ident('s', 't')} WHERE ${part} AND n = ${5}`;
    expect(whole.text).toBe('SELECT "a""b" FROM "s"."t" WHERE name = $1 AND n = $2');
    expect(whole.values).toEqual(["x'; DROP TABLE t; --", 5]);
  });

  it('joins parts and values', () => {
    expect(join([sql`a = ${1}`, raw('b'), 2], ' OR ')).toMatchObject({ values: [1, 2] });
    expect(join([sql`a = ${1}`, raw('b'), 2], ' OR ').text).toBe('a = $1 OR b OR $2');
    expect(columnList(['x', 'y"']).text).toBe('"x", "y"""');
  });

  it('refuses NUL in a name, and doubles quotes in a literal', () => {
    expect(() => ident('a\0b')).toThrow(TypeError);
    expect(literal("it's")).toBe("'it''s'");
  });

  it('is written out with its values where none can be bound', () => {
    const statement = sql`SELECT ${"a'b\\"}, ${-1}, ${null}, ${true}, ${10n}, ${1.5}`;
    expect(inlined(statement)).toBe(`SELECT  E'a''b\\\\', (-1), NULL, true, 10, 1.5`);
    expect(() => inlined(sql`${'a\0'}`)).toThrow(TypeError);
  });
});
