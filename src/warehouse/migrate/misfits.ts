import { TidemarkError } from '../../errors/tidemark-error.ts';
import { ident, type Sql, sql } from '../../sql/sql.ts';
import type { Session, TableRef } from '../warehouse.ts';
import { migrationText } from './migration-text.ts';
import type { ViewInTheWay } from './remade-views.ts';
import { refuseViews } from './views-in-the-way.ts';

/** Why a table does not fit the configuration, where a person has to decide. */
export interface TableMisfit {
  readonly table: TableRef;
  readonly problems: readonly string[];
  /** Message about rows that the key or the strategy cannot take and that no migration can fix; null where all fit. */
  readonly rows: string | null;
  /** The owner of the table, where Tidemark's role may not change it; null where it may. */
  readonly owner: string | null;
  /** The table lacks columns that every table of Tidemark has, so it was made by somebody else. */
  readonly isForeign: boolean;
  /** Views that stop a change of its columns, and other such things, in the server's words. */
  readonly inTheWay: readonly ViewInTheWay[];
  readonly others: readonly string[];
  /** Statements that make the table fit, if a person agrees. */
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
 * Throws for all tables at once: `database-refused` for those of another owner; `migration-needed` first for rows that
 * no migration can fix, then for views in the way, else with one migration for all.
 */
export function refuseMisfits(misfits: readonly TableMisfit[], { schemas }: Session): void {
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
        'that these rows came from, or give the dataset another core.table and promote its periods again.',
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
      misfits
        .flatMap((misfit) => (misfit.isForeign ? setAside(misfit.table) : misfit.statements))
        .map((statement) => schemas.pasted(statement)),
    ),
  });
}

/** The table keeps all its rows under another name, and `migrate` makes one that fits. */
function setAside({ schema, name }: TableRef): Sql[] {
  return [sql`ALTER TABLE ${ident(schema, name)} RENAME TO ${ident(`${name}_before`)}`];
}
