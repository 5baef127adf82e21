import { TidemarkError } from '../errors/tidemark-error.ts';
import { openDuckdb } from './duckdb/duckdb-warehouse.ts';
import { openPostgres } from './postgres/postgres-warehouse.ts';
import type { OpenOptions, Warehouse } from './warehouse.ts';

/**
 * The warehouse an address names: `duckdb:path` or `postgres://…`. Nothing is opened before the first unit of work.
 * Throws `usage` for any other address.
 */
export function openWarehouse(url: string, options: OpenOptions): Warehouse {
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(url, options);
  const path = /^duckdb:(?:\/\/(?=\/))?(.+)$/s.exec(url)?.[1];
  if (path && path !== ':memory:') return openDuckdb(path, options);
  // The message does not repeat the whole address: it may hold a password.
  const scheme = /^([A-Za-z][\w+.-]*):/.exec(url)?.[1];
  throw new TidemarkError('usage', {
    message: scheme
      ? `Not a warehouse address: it begins with "${scheme}:".`
      : 'Not a warehouse address: it has no scheme.',
    hint: 'Write duckdb:data/warehouse.duckdb or postgres://user@host:5432/database.',
  });
}
