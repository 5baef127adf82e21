import { describe, expect, it } from 'vitest';
import { DEFAULT_SCHEMAS } from '../../../../src/domain/schema-names.ts';
import { ident, raw, sql, withRealNames } from '../../../../src/sql/sql.ts';
import { SchemaRenaming } from '../../../../src/warehouse/schemas/schema-renaming.ts';

const renaming = new SchemaRenaming({ ...DEFAULT_SCHEMAS, core: 'Ours', meta: 'log' });

describe('statements under other names of the schemas', () => {
  it('keep their values, at their places', () => {
    const statement = sql`SELECT ${1} FROM ${ident('core', 'x')} WHERE a = ${'core.x'} AND nspname = ${'core'} AND b = ${'core'}`;
    const { text, values } = renaming.statement(statement);
    expect(text).toBe(`SELECT $1 FROM "Ours"."x" WHERE a = $2 AND nspname = $3 AND b = $4`);
    expect(values).toEqual([1, 'core.x', 'Ours', 'core']);
  });

  it('give the values of placeholders by their numbers', () => {
    const [text, values] = renaming.bound('SELECT nextval($2), $1 FROM core.x', ['core.s', 'core.s']);
    expect(text).toBe('SELECT nextval($2), $1 FROM "Ours".x');
    expect(values).toEqual(['core.s', '"Ours".s']);
  });

  it('are left alone where their names are those of the database, and are no part of others', () => {
    const statement = withRealNames(sql`DROP VIEW ${ident('core', 'v')}`);
    expect(renaming.statement(statement)).toBe(statement);
    expect(() => sql`${statement}; SELECT 1`).toThrow('no part of another one');
  });

  it('are the same object where nothing has another name', () => {
    const statement = sql`SELECT 1 FROM core.x`;
    expect(new SchemaRenaming().statement(statement)).toBe(statement);
    expect(new SchemaRenaming(DEFAULT_SCHEMAS).isNone).toBe(true);
  });

  it('say in a migration to be pasted that names of other pipelines are to be left', () => {
    const written = renaming.pasted(withRealNames(raw('DROP VIEW core.v')));
    expect(written).toBe('/* names as they are */ DROP VIEW core.v');
    expect(renaming.text(written)).toBe(written);
    expect(renaming.bound(written, [])[0]).toBe(written);
    expect(renaming.pasted(raw('ALTER TABLE core.x ADD a INT'))).toBe('ALTER TABLE "Ours".x ADD a INT');
  });
});

describe('a name of a schema', () => {
  it('is known by its word, and written with quotes where it is another one', () => {
    expect([renaming.wordFor('Ours'), renaming.wordFor('core'), renaming.wordFor('mart')]).toEqual([
      'core',
      null,
      'mart',
    ]);
    expect([renaming.written('core'), renaming.written('mart')]).toEqual(['"Ours"', 'mart']);
  });
});
