import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_SCHEMAS } from '../../src/domain/schema-names.ts';
import type { TidemarkError } from '../../src/errors/tidemark-error.ts';
import { ident, raw, sql, withRealNames } from '../../src/sql/sql.ts';
import { openWarehouse } from '../../src/warehouse/open-warehouse.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';
import { ENGINES } from './empty-warehouses.ts';

const OTHER = {
  meta: 'their_log',
  stage: 'their_stage',
  core: 'their_core',
  history: 'their_past',
  mart: 'Their_marts',
};

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'schema-names-'));
  closing.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

describe.each(ENGINES)('a warehouse whose schemas have other names on %s', (_, engine) => {
  const open = async (): Promise<readonly [Warehouse, Warehouse]> => {
    const root = folder();
    const { warehouse, url, release } = await engine.open(root);
    const options = { projectRoot: root, environment: {}, lockTimeoutMs: 500 };
    const renamed = openWarehouse(url, { ...options, schemas: OTHER });
    closing.push(release, () => renamed.close());
    return [warehouse, renamed];
  };

  it('takes statements, tables and Parquet under our words, and touches no schema of another pipeline', async () => {
    const [plain, renamed] = await open();
    for (const [warehouse, value] of [
      [plain, 1],
      [renamed, 2],
    ] as const) {
      await warehouse.transaction(async (tx) => {
        for (const word of ['core', 'mart']) await tx.execute(raw(`CREATE SCHEMA ${word}`));
        await tx.execute(sql`CREATE TABLE core.t (a INTEGER, core VARCHAR(7))`);
        await tx.execute(sql`INSERT INTO core.t (a, core) VALUES (${value}, ${'core.t'})`);
      });
    }
    const file = join(folder(), 't.parquet');
    await renamed.read((session) => session.exportParquet(sql`SELECT * FROM core.t`, file));
    await renamed.transaction(async (tx) => {
      await tx.execute(sql`CREATE TABLE ${ident('mart', 'm')} (a INTEGER, core VARCHAR)`);
      const columns = ['a', 'core'].map((name) => ({ name, from: 'parquet' }) as const);
      expect(await tx.appendParquet({ schema: 'mart', name: 'm' }, file, columns)).toBe(1);
    });
    const [rows, columns, real] = await renamed.read(async (session) => [
      await session.query(sql`SELECT core.a, core.core FROM mart.m AS core`),
      (await session.columns({ schema: 'core', name: 't' }))?.map(({ name }) => name),
      await session.query(
        withRealNames(sql`SELECT a FROM core.t UNION ALL SELECT a FROM "Their_marts".m ORDER BY 1`),
      ),
    ]);
    expect([rows, columns, real]).toEqual([[{ a: 2, core: 'core.t' }], ['a', 'core'], [{ a: 1 }, { a: 2 }]]);
    expect(await plain.read((session) => session.columns({ schema: 'mart', name: 'm' }))).toBeNull();
  });
});

describe.each(ENGINES.slice(1))('locks on %s', (_, engine) => {
  it('are those of the log: other pipelines of the database do not wait for them', async () => {
    const root = folder();
    const { warehouse, url, release } = await engine.open(root);
    closing.push(release);
    const options = { projectRoot: root, environment: {}, lockTimeoutMs: 300 };
    const same = openWarehouse(url, { ...options, schemas: { ...DEFAULT_SCHEMAS, core: 'elsewhere' } });
    const other = openWarehouse(url, { ...options, schemas: OTHER });
    closing.push(
      () => same.close(),
      () => other.close(),
    );
    const locked = (one: Warehouse) =>
      one
        .transaction((tx) => tx.lock(['core:payments']))
        .then(
          () => 'free',
          (error: TidemarkError) => error.code,
        );
    await warehouse.transaction(async (tx) => {
      await tx.lock(['core:payments']);
      expect([await locked(other), await locked(same)]).toEqual(['free', 'lock-busy']);
    });
  });
});

it('a DuckDB file that is called like a schema is refused before it is made, with what to change', () => {
  const root = folder();
  const open =
    (name: string, schemas = DEFAULT_SCHEMAS) =>
    () =>
      openWarehouse(`duckdb:data/${name}`, { projectRoot: root, lockTimeoutMs: 100, schemas });
  expect(open('Core.v2.duckdb')).toThrow('The warehouse file Core.v2.duckdb has the name of the schema core');
  expect(open('their_log.db', OTHER)).toThrow('has the name of the schema their_log');
  expect(open('core.duckdb', OTHER)).not.toThrow();
});
