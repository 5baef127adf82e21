import { SchemaRenaming } from '../schemas/schema-renaming.ts';
import { untilNoConflict } from '../until-no-conflict.ts';
import type { OpenOptions, SchemaChange, Session, Warehouse } from '../warehouse.ts';
import { parseAddress } from './address.ts';
import { POSTGRES } from './capabilities.ts';
import { serverOf, serversShown } from './connect.ts';
import { Pool } from './pool.ts';
import { readSnapshot, writeTransaction } from './transaction.ts';

export function openPostgres(url: string, options: OpenOptions): Warehouse {
  const address = parseAddress(url, options.environment ?? {});
  const place = serversShown(address);
  const pool = new Pool(address, options, place);
  const { signal } = options;
  const schemas = new SchemaRenaming(options.schemas);
  const parts = { signal, schemas, translate: (error: unknown) => pool.error(error) };
  return {
    capabilities: POSTGRES,
    isInProject: false,
    name: { namespace: `postgres://${serverOf(address)}`, database: address.database },
    displayName: `postgres://${place}/${address.database}`,

    read<T>(work: (session: Session) => Promise<T>): Promise<T> {
      return untilNoConflict(options, () => pool.use((lent) => readSnapshot({ ...lent, ...parts }, work)));
    },

    transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
      return untilNoConflict(options, () =>
        pool.use((lent) => writeTransaction({ ...lent, ...parts }, work)),
      );
    },

    alter<T>(keep: boolean, work: (schema: SchemaChange) => Promise<T>): Promise<T> {
      return untilNoConflict(options, () =>
        pool.use(async (lent) => {
          const { alterPostgres } = await import('./alter.ts');
          return alterPostgres({ ...lent, ...parts }, keep, work);
        }),
      );
    },

    async rehearse() {
      return null;
    },

    async repair() {
      return null;
    },

    close() {
      return pool.close();
    },
  };
}
