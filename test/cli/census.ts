import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SchemaNames } from '../../src/domain/schema-names.ts';
import { emptyDatabase, type World } from './world.ts';

export const OTHER: SchemaNames = {
  ...{ meta: 'census_log', stage: 'Census_Stage', core: 'census_core', history: 'census_past' },
  mart: 'census_mart',
};

export const SOURCES = {
  payments: {
    source: { filename: 'payments_{period}[_v{version}].csv' },
    schema: {
      fields: [
        { name: 'id', type: 'integer' },
        { name: 'region' },
        { name: 'amount', type: 'number', precision: 12, scale: 2 },
        { name: 'stage' },
        { name: 'meta' },
      ],
      primaryKey: 'id',
      foreignKeys: [{ fields: 'region', reference: { dataset: 'regions', fields: 'code' } }],
    },
    core: { strategy: 'upsert', rollout: 'staged' },
  },
  regions: {
    period: 'none',
    source: { filename: 'regions.csv' },
    schema: { fields: [{ name: 'code' }, { name: 'label' }], primaryKey: 'code' },
    core: { identity: 'region_key' },
  },
  // Called like a schema, and kept as intervals.
  history: {
    source: { filename: 'history_{period}.csv' },
    schema: { fields: [{ name: 'team' }, { name: 'core' }, { name: 'mart' }], primaryKey: 'team' },
    core: { strategy: 'history' },
  },
};

export const config = (schemas: Partial<SchemaNames> | undefined, more: object = {}) => ({
  version: 1,
  name: 'census',
  ...(schemas === undefined ? {} : { schemas }),
  datasets: SOURCES,
  ...more,
});

export const FILES = {
  // An alias that is called like the schema, columns that are, and a look into core.
  'models/core/payments.sql': `SELECT stage.id, trim(both FROM stage.region) AS region, stage.amount, stage.stage, stage.meta, r.label, stage._file_id, stage._source_row
FROM stage.payments AS stage LEFT JOIN core.regions AS r ON r.code = stage.region -- core.nobody
WHERE stage._data_period = :period
`,
  'models/mart/totals.sql': `-- grain: label
-- mode: period
-- reads: core.payments, core.regions, core.history
WITH core AS (SELECT p.label, p.amount, 'core.payments' AS named FROM core.payments AS p WHERE p._data_period = :period)
SELECT core.label, CAST(sum(core.amount) AS DECIMAL(18, 2)) AS total, count(*) AS n, min(core.named) AS named,
  (SELECT count(*) FROM core.history) AS teams
FROM core GROUP BY core.label
`,
  'migrations/1_notes.js': `export async function up(knex) {
  if (await knex.schema.withSchema('core').hasTable('notes')) throw new Error('that is of another pipeline');
  await knex.schema.withSchema('core').createTable('notes', (table) => {
    table.bigIncrements('id');
    table.string('text');
  });
  await knex('notes').withSchema('core').insert({ text: 'core.notes' });
  const [{ n }] = await knex.raw("SELECT count(*) AS n FROM information_schema.tables WHERE table_schema = 'core'").then((r) => r.rows);
  if (Number(n) !== 1) throw new Error('that is not the schema of this pipeline: ' + n);
}
`,
};

export const payments = (...rows: readonly string[]) =>
  `id,region,amount,stage,meta\n${rows.map((row) => `${row},m\n`).join('')}`;
export const LANDED = {
  'regions.csv': 'code,label\nno,North\nso,South\n',
  'payments_2025-05.csv': payments('1,no,10.50,a', '2,so,5,b'),
  'payments_2025-06.csv': payments('1,no,11,a', '3,so,7.25,c'),
  'history_2025-05.csv': 'team,core,mart\nx,Ada,1\ny,Bea,2\n',
  'history_2025-06.csv': 'team,core,mart\nx,Cy,1\n',
};

export const WHO = ['--by', 'Ada', '--reason', 'checked'];

/** The same pipeline with another configuration. */
export function reconfigure(
  world: World,
  schemas: Partial<SchemaNames> | undefined,
  more: object = {},
): void {
  writeFileSync(join(world.root, 'datasets_config.yml'), JSON.stringify(config(schemas, more)));
}

/** Nothing but what the pipeline makes is in the warehouse. */
export const database = async (engine: string): Promise<{ databaseUrl?: string; noWarehouse: true }> => ({
  noWarehouse: true,
  ...(engine === 'DuckDB' ? {} : { databaseUrl: String(await emptyDatabase()) }),
});
