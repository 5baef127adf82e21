import { setTimeout as wait } from 'node:timers/promises';
import type { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { LingeringDatabases } from '../../../../src/warehouse/parquet/lingering.ts';

/** Counts how often a database was opened and closed. */
function counting() {
  const counts = { opened: 0, closed: 0 };
  const open = async () => {
    counts.opened++;
    return { closeSync: () => void counts.closed++ } as unknown as DuckDBInstance;
  };
  return { counts, open };
}

test('uses at the same time and soon after each other share one database, which is closed after the last', async () => {
  const { counts, open } = counting();
  const databases = new LingeringDatabases(20, false);
  await Promise.all([1, 2, 3].map(() => databases.use('a', open, () => wait(5))));
  await databases.use('a', open, async () => {});
  expect(counts).toEqual({ opened: 1, closed: 0 });
  await wait(60);
  expect(counts).toEqual({ opened: 1, closed: 1 });
  await databases.use('a', open, async () => {});
  expect(counts.opened).toBe(2);
});

test('a database is not closed while it is used, neither in time nor when asked', async () => {
  const { counts, open } = counting();
  const databases = new LingeringDatabases(5, false);
  await databases.use('a', open, async () => {});
  await databases.use('a', open, async () => {
    await databases.letGo('a');
    await wait(30);
    expect(counts.closed).toBe(0);
  });
  await databases.letGo('a');
  expect(counts).toEqual({ opened: 1, closed: 1 });
});

test('one that does not open is tried again, and does not outlive its failure', async () => {
  const { counts, open } = counting();
  const databases = new LingeringDatabases(1000, false);
  const failing = () => Promise.reject(new Error('busy'));
  await expect(databases.use('a', failing, async () => {})).rejects.toThrow('busy');
  await databases.use('a', open, async () => {});
  expect(counts.opened).toBe(1);
});
