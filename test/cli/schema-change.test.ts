import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { emptyDatabase, makeWorld, type World } from './world.ts';

const engines: readonly (readonly [name: string, database: () => Promise<string | null>])[] = [
  ['DuckDB', async () => null],
  ...(inject('postgresUrl') === null ? [] : [['PostgreSQL', emptyDatabase] as const]),
];

const landed = {
  's_2025-05.csv': 'id,amount\na,5\nb,-7\n',
  's_2025-06.csv': 'id,amount\na,6\nc,8\n',
};

interface Rules {
  readonly amount?: object;
  readonly id?: object;
  readonly core?: object;
  readonly key?: readonly string[];
}

function config({
  amount = { type: 'integer' },
  id = {},
  core = { strategy: 'replace_period' },
  key = ['id'],
}: Rules = {}): object {
  return {
    version: 1,
    datasets: {
      s: {
        source: { filename: 's_{period}.csv' },
        schema: {
          fields: [
            { name: 'id', ...id },
            { name: 'amount', ...amount },
          ],
          primaryKey: key,
        },
        core,
      },
    },
  };
}

const upsert = { strategy: 'upsert', covers: 'all', missing: 'keep' };

describe.each(engines)('tables and another configuration on %s', (engine, database) => {
  async function promoted(rules: Rules = {}): Promise<World> {
    const databaseUrl = await database();
    const world = makeWorld({
      config: config(rules),
      landed,
      ...(databaseUrl === null ? {} : { databaseUrl }),
    });
    await world.json('migrate', 0);
    await world.json('run --from 2025-05 --to 2025-06', 0);
    return world;
  }

  function change(world: World, rules: Rules): void {
    writeFileSync(join(world.root, 'datasets_config.yml'), JSON.stringify(config(rules)));
  }

  /** Writes the migration down as the message gives it. */
  function writeDown(world: World, hint: string): void {
    mkdirSync(join(world.root, 'migrations'), { recursive: true });
    const [file = ''] = /migrations\/\S+\.js/.exec(hint) ?? [];
    const text = hint.slice(hint.indexOf('export async'));
    writeFileSync(join(world.root, file.replace('<date>', '20250701')), `${text}\n`);
  }

  async function typeOf(world: World, table: string): Promise<string> {
    const [schema, name] = table.split('.');
    const [row] = await world.query(
      `SELECT numeric_precision || ',' || numeric_scale AS t FROM information_schema.columns
       WHERE table_schema = '${schema}' AND table_name = '${name}' AND column_name = 'amount'`,
    );
    return String(row?.['t']);
  }

  const keys = (world: World) =>
    world.query(
      "SELECT indexname FROM pg_catalog.pg_indexes WHERE tablename = 's' AND indexname LIKE 's_key_%'",
    );

  const CORE = 'SELECT id, CAST(amount AS VARCHAR) AS amount, _data_period FROM core.s ORDER BY 3, 1';

  it('gives columns a wider type in stage and core by itself, with keys, views and the way back as before', async () => {
    const world = await promoted();
    const wide = { amount: { type: 'number', precision: 21, scale: 2 } };
    if (engine === 'PostgreSQL') {
      await world.query('CREATE SCHEMA bi');
      await world.query('CREATE VIEW bi.big AS SELECT id, amount FROM core.s_live WHERE amount > 5');
      await world.query('CREATE VIEW bi.top AS SELECT max(amount) AS most FROM bi.big');
      await world.query('GRANT SELECT ON core.s_live, bi.top TO PUBLIC');
    }
    change(world, wide);
    await world.json('migrate', 0);
    expect([await typeOf(world, 'stage.s'), await typeOf(world, 'core.s')]).toEqual(['21,2', '21,2']);
    expect(await typeOf(world, 'core.s_live')).toBe('21,2');
    expect(await world.query(CORE)).toEqual([
      { id: 'a', amount: '5.00', _data_period: '2025-05' },
      { id: 'b', amount: '-7.00', _data_period: '2025-05' },
      { id: 'a', amount: '6.00', _data_period: '2025-06' },
      { id: 'c', amount: '8.00', _data_period: '2025-06' },
    ]);
    if (engine === 'PostgreSQL') {
      expect(await world.query('SELECT most FROM bi.top')).toEqual([{ most: '8.00' }]);
      const granted = await world.query(
        "SELECT relname FROM pg_class WHERE 'PUBLIC' = ANY (SELECT 'PUBLIC' FROM aclexplode(relacl) WHERE grantee = 0) AND relname IN ('s_live', 'top') ORDER BY 1",
      );
      expect(granted).toEqual([{ relname: 's_live' }, { relname: 'top' }]);
    }
    expect(await keys(world)).toHaveLength(1);
    expect(await world.json('migrate', 0)).toMatchObject({ status: 'skipped' });
    const rolled = await world.json('rollback --promotion 2 --yes --by Ann --reason late', 0);
    expect(rolled.rows.removed).toBe(2);
    world.land('s_2025-06.csv', 'id,amount\na,6.25\n');
    await world.json('run --period 2025-06', 0);
    expect(await world.query(`${CORE} LIMIT 3`)).toContainEqual({
      id: 'a',
      amount: '6.25',
      _data_period: '2025-06',
    });
    // What was cleaned with the narrower type is still what was delivered.
    const again = await world.json('run --period 2025-05', 0);
    expect(again.rows).toMatchObject({ inserted: 0, deleted: 0 });
    await world.json('load-stage --period 2025-05 --dataset s --force', 0);
    expect(await world.query(CORE)).toContainEqual({ id: 'b', amount: '-7.00', _data_period: '2025-05' });
    expect(
      await world.query(
        "SELECT CAST(amount AS VARCHAR) AS amount FROM stage.s WHERE _data_period = '2025-05' ORDER BY 1",
      ),
    ).toEqual([{ amount: '-7.00' }, { amount: '5.00' }]);
  });

  it('asks for what could lose data once for all tables, with a migration that works as it is given', async () => {
    const world = await promoted();
    change(world, { amount: { type: 'number', precision: 12, scale: 2 } });
    const refused = await world.json('migrate', 2);
    expect(refused.message).toBe(
      'Table stage.s does not fit: column amount is BIGINT and would become DECIMAL(12,2). ' +
        'Table core.s does not fit: column amount is BIGINT and would become DECIMAL(12,2).',
    );
    writeDown(world, refused.hint);
    await world.json('migrate', 0);
    expect([await typeOf(world, 'stage.s'), await typeOf(world, 'core.s')]).toEqual(['12,2', '12,2']);
    expect(await typeOf(world, 'core.s_live')).toBe('12,2');
    expect(await world.query(CORE)).toHaveLength(4);
    expect(await world.json('migrate', 0)).toMatchObject({ status: 'skipped' });
    world.land('s_2025-07.csv', 'id,amount\na,1.5\n');
    await world.json('run --period 2025-07', 0);
    expect(await world.query(CORE)).toHaveLength(5);
  });

  it('asks for another type, another key and texts that become numbers in one migration that works as it is given', async () => {
    const world = await promoted({ amount: { type: 'string' }, key: ['id', 'amount'] });
    const before = await keys(world);
    change(world, { amount: { type: 'integer' } });
    const refused = await world.json('migrate', 2);
    expect(refused.message).toContain('it has another key than the configuration says');
    writeDown(world, refused.hint);
    await world.json('migrate', 0);
    expect(await world.query('SELECT sum(amount) AS total FROM core.s')).toEqual([{ total: '12' }]);
    const after = await keys(world);
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
    expect(await world.json('migrate', 0)).toMatchObject({ status: 'skipped' });
  });

  it('names table, key and rows that a new key cannot hold, and what only reads goes on', async () => {
    const world = await promoted();
    change(world, { core: upsert });
    const refused = await world.json('migrate', 2);
    expect(refused.message).toBe(
      'Table core.s cannot have the key id: 2 rows share 1 key: id a in 2 rows (2025-05, 2025-06).',
    );
    expect(refused.hint).not.toContain('knex');
    expect(await world.json('run --period 2025-06', 2)).toMatchObject({ message: refused.message });
    for (const reading of [
      'status',
      'history --dataset s',
      'export core.s --format csv --file out.csv',
      'trace core.s b',
    ]) {
      const answer = await world.run([...reading.split(' '), '--json']);
      expect([answer.code, answer.stderr], reading).toEqual([
        0,
        expect.stringContaining('Table core.s cannot have the key id'),
      ]);
    }
    change(world, {});
    await world.json('migrate', 0);
  });

  it('never shows personal values of such rows', async () => {
    const world = await promoted({ id: { pii: true } });
    change(world, { id: { pii: true }, core: upsert });
    const refused = await world.json('migrate', 2);
    expect(refused.message).toContain('id *** in 2 rows (2025-05, 2025-06)');
  });

  it('refuses history for rows without intervals, and promotes the periods anew into a table of another name', async () => {
    const world = await promoted();
    change(world, { core: { strategy: 'history' } });
    expect((await world.json('migrate', 2)).message).toBe(
      'Table core.s cannot take the strategy history: it holds 4 rows without an interval of periods.',
    );
    change(world, { core: { strategy: 'history', table: 's_history' } });
    await world.json('migrate', 0);
    await world.json('run --from 2025-05 --to 2025-06', 0);
    expect(await world.query('SELECT id, _valid_from, _valid_to FROM core.s_history ORDER BY 1, 2')).toEqual([
      { id: 'a', _valid_from: '2025-05', _valid_to: '2025-06' },
      { id: 'a', _valid_from: '2025-06', _valid_to: null },
      { id: 'b', _valid_from: '2025-05', _valid_to: '2025-06' },
      { id: 'c', _valid_from: '2025-06', _valid_to: null },
    ]);
    expect(await world.query(CORE)).toHaveLength(4);
  });
});
