import { TidemarkError } from '../../errors/tidemark-error.ts';
import { ident, type Sql, sql } from '../sql.ts';
import type { TableRef } from '../warehouse.ts';
import { migrationText } from './migration-text.ts';
import type { ViewInTheWay } from './remade-views.ts';
import { refuseViews } from './views-in-the-way.ts';

/** Where a table does not fit the configuration in a way that a person has to decide about. */
export interface TableMisfit {
  readonly table: TableRef;
  readonly problems: readonly string[];
  /** What is told of rows that the key or the strategy cannot take, which no migration settles; null where all fit. */
  readonly rows: string | null;
  /** Who owns the table, where Tidemark's role may not change it; null where it may. */
  readonly owner: string | null;
  /** The table lacks what every table made by Tidemark has, so that it is no table of Tidemark's. */
  readonly isForeign: boolean;
  /** Views that its columns cannot change under, and what else there is of that kind, in the server's words. */
  readonly inTheWay: readonly ViewInTheWay[];
  readonly others: readonly string[];
  /** What fits the table, where that is wanted. */
  readonly statements: readonly Sql[];
}

/** A table of which nothing has to be said. */
export function fitting(table: TableRef): TableMisfit {
  return {
    ...{ table, problems: [], rows: null, owner: null, isForeign: false },
    ...{ inTheWay: [], others: [], statements: [] },
  };
}

/**
 * Throws of all tables at once: `database-refused` of those that are someone else's; `migration-needed` first of rows that no migration settles, then of
 * views that are in the way, else with one migration for all.
 */
export function refuseMisfits(misfits: readonly TableMisfit[]): void {
  const [first] = misfits;
  if (first === undefined) return;
  const owned = misfits.filter((misfit) => misfit.owner !== null);
  if (owned.length > 0) {
    throw new TidemarkError('database-refused', {
      message: owned
        .map(
          ({ table, owner, problems }) =>
            `Table ${table.schema}.${table.name} belongs to ${owner} and is not for Tidemark to change` +
            `${problems.length > 0 ? `; it does not fit: ${problems.join('; ')}` : ''}.`,
        )
        .join(' '),
      hint: 'If the table is not meant for Tidemark, use another database, or another name for the dataset or its core.table.',
    });
  }
  const rows = misfits.flatMap((misfit) => misfit.rows ?? []);
  if (rows.length > 0) {
    throw new TidemarkError('migration-needed', {
      message: rows.join(' '),
      hint:
        'Set the strategy and the key in datasets_config.yml back as they were. Then roll back the promotions ' +
        'that these rows came from, or give the dataset another core.table and promote its periods anew.',
    });
  }
  refuseViews(misfits);
  throw new TidemarkError('migration-needed', {
    message: misfits
      .map(
        ({ table, problems }) => `Table ${table.schema}.${table.name} does not fit: ${problems.join('; ')}.`,
      )
      .join(' '),
    hint: migrationText(
      first.table,
      misfits.flatMap((misfit) => (misfit.isForeign ? setAside(misfit.table) : misfit.statements)),
    ),
  });
}

/** The table keeps all that it holds under another name, and `migrate` makes one that fits. */
function setAside({ schema, name }: TableRef): Sql[] {
  return [sql`ALTER TABLE ${ident(schema, name)} RENAME TO ${ident(`${name}_before`)}`];
}
