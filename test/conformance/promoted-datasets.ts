import type { Dataset } from '../../src/domain/dataset.ts';
import type { Threshold } from '../../src/domain/threshold.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';

const share = (value: number): Threshold => ({ kind: 'share', value, text: `${value * 100}%` });

/** A dataset with core rules on top of a plain one. */
function promoted(plain: Dataset, core: Partial<Dataset['core']>): Dataset {
  return { ...plain, core: { ...plain.core, table: plain.name, ...core } };
}

export const regions = promoted(
  dataset([field('code'), field('name')], { name: 'regions', period: 'none', pattern: 'regions.csv' }),
  { key: ['code'], strategy: 'upsert', covers: 'all', missing: 'delete' },
);
export const citizens = promoted(
  dataset(
    [
      field('id', { type: 'integer' }),
      field('name', { pii: true }),
      field('region'),
      field('income', { type: 'number', precision: 38, scale: 10 }),
    ],
    {
      name: 'citizens',
      foreignKeys: [{ fields: ['region'], dataset: 'regions', referenceFields: ['code'] }],
    },
  ),
  { key: ['id'], strategy: 'upsert', covers: 'all', missing: 'close' },
);
export const payments = promoted(
  dataset([field('no'), field('amount', { type: 'integer' })], {
    name: 'payments',
    pattern: 'payments_{period}.csv',
  }),
  {
    key: ['no'],
    strategy: 'replace_period',
    guards: {
      max_removed: share(0.5),
      max_modified: null,
      max_added: null,
      max_drop: null,
      max_changed: new Map(),
      min_rows: 2,
    },
  },
);
export const topics = promoted(
  dataset([field('topic'), field('hours', { type: 'integer' })], {
    name: 'topics',
    pattern: 'topics_{board}_{period}.csv',
  }),
  { key: ['board', 'topic'], strategy: 'upsert', covers: 'all', missing: 'delete' },
);

export const NO = { code: 'NO', name: 'North' };
export const SO = { code: 'SO', name: 'South' };
export const person = (
  id: number,
  name: string,
  region: string | null = 'NO',
  income: string | null = null,
) => ({
  id,
  name,
  region,
  income,
});
