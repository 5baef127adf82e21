import { relative, resolve } from 'node:path';
import { SchemaRenaming } from '../schemas/schema-renaming.ts';
import type { OpenOptions, Warehouse } from '../warehouse.ts';
import { DUCKDB } from './capabilities.ts';
import { databaseOf, refuseSameName } from './database-name.ts';

/** The embedded warehouse; the first unit of work loads the engine. */
export function openDuckdb(path: string, options: OpenOptions): Warehouse {
  const file = resolve(options.projectRoot, path);
  const shown = relative(options.projectRoot, file);
  const of = { ...options, schemas: new SchemaRenaming(options.schemas) };
  refuseSameName(file, of.schemas.names);
  const units = () => import('./units.ts');
  return {
    capabilities: DUCKDB,
    isInProject: !shown.startsWith('..'),
    name: { namespace: `duckdb://${file}`, database: databaseOf(file) },
    displayName: `duckdb:${shown.startsWith('..') ? file : shown}`,
    read: async (work) => (await units()).readUnit(file, of, work),
    transaction: async (work) => (await units()).transactionUnit(file, of, work),
    alter: async (keep, work) => (await units()).alterUnit(file, of, keep, work),
    rehearse: async () =>
      (await import('./rehearse.ts')).rehearseOn(file, options, (copy) => openDuckdb(copy, options)),
    repair: async () => (await import('./replay.ts')).repairLog(file),
    close: async () => (await import('./connect.ts')).letGo(file),
  };
}
