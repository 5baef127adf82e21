import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TidemarkError } from '../../src/errors/tidemark-error.ts';
import { ident, literal, raw, sql } from '../../src/sql/sql.ts';
import { columnTypeSql } from '../../src/warehouse/migrate/column-types.ts';
import type { AppendColumn, Warehouse } from '../../src/warehouse/warehouse.ts';
import { writeParquet } from '../fixtures/parquet.ts';
import { ENGINES, type OpenedWarehouse } from './empty-warehouses.ts';

const TABLE = { schema: 'stage', name: 't' } as const;
const fromFile = (name: string): AppendColumn => ({ name, from: 'parquet' });

describe.each(ENGINES)('Parquet and %s', (_, engine) => {
  let root: string;
  let opened: OpenedWarehouse;
  let warehouse: Warehouse;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'tidemark-append-test-'));
    opened = await engine.open(root);
    warehouse = opened.warehouse;
    await warehouse.transaction((session) => session.execute(raw('CREATE SCHEMA stage')));
  });
  afterAll(async () => {
    await opened.release();
    rmSync(root, { recursive: true, force: true });
  });

  /** A new table of these columns, filled from a Parquet file that the SELECT makes; answers the table's rows. */
  async function appended(columns: Record<string, string>, select: string, file = 'rows.parquet') {
    const path = join(root, file);
    await writeParquet(path, select);
    return warehouse.transaction(async (session) => {
      await session.execute(raw('DROP TABLE IF EXISTS stage.t'));
      const list = Object.entries(columns).map(
        ([name, type]) => `${ident(name).text} ${columnTypeSql(type, warehouse.capabilities)}`,
      );
      await session.execute(raw(`CREATE TABLE stage.t (${list.join(', ')})`));
      const count = await session.appendParquet(TABLE, path, Object.keys(columns).map(fromFile));
      const rows = await session.query<Record<string, unknown>>(raw('SELECT * FROM stage.t'));
      expect(rows.length).toBe(count);
      return rows;
    });
  }

  it.each([
    ['BIGINT', ['-9223372036854775808', '9223372036854775807', '0']],
    ['SMALLINT', ['-1', '2025']],
    ['DOUBLE', ['0.1', '-1e-300', '1.7976931348623157e308', '123456789.123456789']],
    ['DECIMAL(38,10)', ['-1234567890123456789012345678.0123456789', '0.0000000001']],
    ['DECIMAL(12,2)', ['-0.01', '9999999999.99']],
    ['DATE', ['0001-01-01', '2024-02-29', '9999-12-31']],
    ['TIMESTAMP', ['1900-01-01 00:00:00', '2025-06-01 10:11:12.123456', '9999-12-31 23:59:59.999999']],
    ['TIME', ['00:00:00', '23:59:59.999999']],
    ['BOOLEAN', ['true', 'false']],
    ['VARCHAR(7)', ['2025-06', '2025-Q2']],
    // No field has such a column: a name that both engines know passes through.
    ['UUID', ['123e4567-e89b-42d3-a456-426614174000', 'ffffffff-ffff-ffff-ffff-ffffffffffff']],
  ])('takes over every %s exactly, and null', async (type, texts) => {
    const values = [...texts.map((text) => `CAST('${text}' AS ${type})`), 'NULL'];
    const select = `SELECT i, CAST(v AS ${type}) AS v, CAST(v AS VARCHAR) AS text
      FROM (VALUES ${values.map((value, i) => `(${i}, ${value})`).join(', ')}) AS s (i, v)`;
    await appended({ i: 'BIGINT', v: type, text: 'VARCHAR' }, select);
    const [wrong] = await warehouse.read((session) =>
      session.query(
        raw(
          `SELECT count(*) AS n FROM stage.t WHERE v IS DISTINCT FROM CAST(text AS ${columnTypeSql(type, warehouse.capabilities)})`,
        ),
      ),
    );
    expect(wrong).toEqual({ n: 0 });
    const [nulls] = await warehouse.read((session) =>
      session.query(raw('SELECT count(*) AS n FROM stage.t WHERE v IS NULL')),
    );
    expect(nulls).toEqual({ n: 1 });
  });

  it('leaves the memory of later work as it was, when a transaction that was bounded has ended or failed', async () => {
    const setting = warehouse.capabilities.singleProcess ? 'memory_limit' : 'work_mem';
    const limit = () =>
      warehouse.read(async (session) => {
        const [row] = await session.query<{ l: string }>(sql`SELECT current_setting(${setting}) AS l`);
        return row?.l;
      });
    const before = await limit();
    await warehouse.transaction((session) => session.boundMemory(64));
    expect(await limit()).toBe(before);
    const failing = warehouse.transaction(async (session) => {
      await session.boundMemory(64);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await limit()).toBe(before);
  });

  it('adds to the whole numbers of a column, also past what its type could hold', async () => {
    const path = join(root, 'numbered.parquet');
    await writeParquet(path, 'SELECT CAST(range AS INTEGER) AS n FROM range(3)');
    const plus = 2 ** 31 - 2;
    const ids = await warehouse.transaction(async (session) => {
      await session.execute(raw('DROP TABLE IF EXISTS stage.t'));
      await session.execute(raw('CREATE TABLE stage.t (id BIGINT)'));
      await session.boundMemory(64);
      await session.appendParquet(TABLE, path, [{ name: 'id', from: 'parquet', source: 'n', plus }]);
      return session.query<{ id: number }>(raw('SELECT id FROM stage.t ORDER BY id'));
    });
    expect(ids.map(({ id }) => id)).toEqual([plus, plus + 1, plus + 2]);
  });

  const TEXTS = [
    ...[
      '',
      ' ',
      ' a ',
      '"',
      '""',
      "'",
      ',',
      'a,"b"',
      '\\',
      '\\N',
      '\\.',
      'NULL',
      'null',
      '\n',
      '\r',
      '\r\n',
      'a\nb',
    ],
    ...[
      '\t',
      '\\.\nx',
      'x\n\\.\ny',
      'Zoë — 東京 👩‍👩‍👧',
      '\u202Eabc',
      'a\uFEFF',
      '=1+1',
      '007',
      '1E5',
      "it''s",
      '\u0001',
      '%s',
      '$1',
    ],
  ];

  it('takes over every text exactly, the empty one apart from null', async () => {
    const values = TEXTS.map((text, i) => `(${i}, ${literal(text)})`).join(', ');
    const rows = await appended(
      { i: 'BIGINT', v: 'VARCHAR' },
      `SELECT * FROM (VALUES ${values}, (99, NULL)) AS s (i, v)`,
    );
    const byNumber = new Map(rows.map((row) => [row.i, row.v]));
    expect(TEXTS.map((_, i) => byNumber.get(i))).toEqual(TEXTS);
    expect(byNumber.get(99)).toBeNull();
  });

  it('takes over the same texts where they are the only column', async () => {
    const values = TEXTS.map((text) => `(${literal(text)})`).join(', ');
    const rows = await appended({ v: 'VARCHAR' }, `SELECT * FROM (VALUES ${values}, (NULL)) AS s (v)`);
    expect(rows.map((row) => row.v).sort()).toEqual([...TEXTS, null].sort());
  });

  it('takes over JSON', async () => {
    const rows = await appended(
      { v: 'JSON' },
      `SELECT CAST('{"a": [1, "x,\\"y\\n"], "b": null}' AS JSON) AS v`,
    );
    expect(JSON.parse(rows[0]?.v as string)).toEqual({ a: [1, 'x,"y\n'], b: null });
  });

  it('takes over a cell of a megabyte', async () => {
    const rows = await appended(
      { i: 'BIGINT', v: 'VARCHAR' },
      `SELECT 1 AS i, repeat('abcd"e,fgh', 104858) AS v`,
    );
    expect(rows).toEqual([{ i: 1, v: 'abcd"e,fgh'.repeat(104858) }]);
  });

  it('reads exactly the named file, whatever signs are in its name', async () => {
    await appended({ i: 'BIGINT' }, 'SELECT 1 AS i', 'a1.parquet');
    expect(await appended({ i: 'BIGINT' }, 'SELECT 2 AS i', "a[1]*?'.parquet")).toEqual([{ i: 2 }]);
  });

  it('fills constants into every row, and quotes names', async () => {
    const path = join(root, 'constants.parquet');
    await writeParquet(path, 'SELECT range AS "a ""b""" FROM range(3)');
    const rows = await warehouse.transaction(async (session) => {
      await session.execute(raw('DROP TABLE IF EXISTS stage.t'));
      await session.execute(raw('CREATE TABLE stage.t ("a ""b""" BIGINT, c VARCHAR, d BIGINT, e VARCHAR)'));
      await session.appendParquet(TABLE, path, [
        fromFile('a "b"'),
        { name: 'c', from: 'constant', value: "it's" },
        { name: 'd', from: 'constant', value: -7 },
        { name: 'e', from: 'constant', value: null },
      ]);
      return session.query(raw('SELECT * FROM stage.t ORDER BY 1'));
    });
    expect(rows[2]).toEqual({ 'a "b"': 2, c: "it's", d: -7, e: null });
  });

  it('leaves the table as it was when the last row does not fit, and leaves nothing behind', async () => {
    const path = join(root, 'bad.parquet');
    await writeParquet(
      path,
      `SELECT CASE WHEN range = 199999 THEN 'x' ELSE CAST(range AS VARCHAR) END AS n FROM range(200000)`,
    );
    await warehouse.transaction(async (session) => {
      await session.execute(raw('DROP TABLE IF EXISTS stage.t'));
      await session.execute(raw('CREATE TABLE stage.t (n BIGINT)'));
      await session.execute(raw('INSERT INTO stage.t VALUES (42)'));
    });
    const scratch = mkdtempSync(join(root, 'tmp-'));
    const usual = process.env.TMPDIR;
    process.env.TMPDIR = scratch;
    const error = await warehouse
      .transaction(async (session) => {
        await session.execute(raw('DELETE FROM stage.t'));
        return session.appendParquet(TABLE, path, [fromFile('n')]);
      })
      .catch((caught: TidemarkError) => caught);
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
    expect((error as TidemarkError).code).toBe('statement-failed');
    expect(await warehouse.read((session) => session.query(raw('SELECT n FROM stage.t')))).toEqual([
      { n: 42 },
    ]);
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('ends both sides when the file turns out to be damaged in its middle', async () => {
    const path = join(root, 'damaged.parquet');
    await writeParquet(path, 'SELECT (range * 7919) % 1000003 AS n FROM range(1000000)');
    const bytes = readFileSync(path);
    const late = Math.floor(bytes.length * 0.8);
    bytes.fill(0xff, late, late + 20_000);
    writeFileSync(path, bytes);
    const error = await warehouse
      .transaction((session) => session.appendParquet(TABLE, path, [fromFile('n')]))
      .catch((caught: TidemarkError) => caught);
    expect((error as TidemarkError).code).toBe('statement-failed');
    expect(await warehouse.read((session) => session.query(raw('SELECT n FROM stage.t')))).toEqual([
      { n: 42 },
    ]);
  });

  it('refuses a NUL as a whole, or keeps it', async () => {
    const path = join(root, 'nul.parquet');
    await writeParquet(path, "SELECT 'a' || chr(0) || 'b' AS v UNION ALL SELECT 'c'");
    const outcome = await warehouse
      .transaction(async (session) => {
        await session.execute(raw('DROP TABLE IF EXISTS stage.nul'));
        await session.execute(raw('CREATE TABLE stage.nul (v VARCHAR)'));
        return session.appendParquet({ schema: 'stage', name: 'nul' }, path, [fromFile('v')]);
      })
      .catch((caught: TidemarkError) => caught.code);
    expect(outcome).toBe(warehouse.capabilities.holdsNul ? 2 : 'statement-failed');
  });

  it('writes a query into Parquet and takes the file back without a difference', async () => {
    const { jsonType, doubleType } = warehouse.capabilities;
    const path = join(root, 'out.parquet');
    const types = `a BIGINT, b ${doubleType}, c DECIMAL(12,2), d VARCHAR, e DATE, f TIMESTAMP, g TIME, h BOOLEAN, j ${jsonType}`;
    await warehouse.transaction(async (session) => {
      await session.execute(raw(`CREATE TABLE stage.source (${types})`));
      await session.execute(raw(`CREATE TABLE stage.copy (${types})`));
      for (const text of ['', 'a "b", \n\\.', null]) {
        await session.execute(
          sql`INSERT INTO stage.source VALUES (${9007199254740993n}, ${0.1}, ${'-1.50'}, ${text}, ${'2025-06-01'},
            ${'2025-06-01 10:11:12.5'}, ${'10:11:12'}, ${false}, ${'{"a":1}'})`,
        );
      }
    });
    const [rows, copy] = await warehouse.transaction(async (session) => {
      const query = sql`SELECT * FROM stage.source WHERE d IS DISTINCT FROM ${"it's \\ not"} AND a > ${1}`;
      expect(await session.exportParquet(query, path)).toBe(3);
      expect(
        await session.appendParquet({ schema: 'stage', name: 'copy' }, path, [...'abcdefghj'].map(fromFile)),
      ).toBe(3);
      const all = (table: string) => session.query(raw(`SELECT * FROM ${table} ORDER BY d NULLS FIRST`));
      return [await all('stage.source'), await all('stage.copy')];
    });
    expect(copy).toEqual(rows);
    expect(rows.map((row) => row.d).sort()).toEqual(['', 'a "b", \n\\.', null].sort());
  });
});
