import type { RecordsDataset } from '../../domain/dataset.ts';
import { didYouMean } from '../../domain/did-you-mean.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { columnList, ident, join, quoteName, type Sql, sql } from '../../sql/sql.ts';
import type { Session } from '../warehouse.ts';
import { recordsTable, SCRIPT_COLUMNS, SCRIPT_READS } from './records-table.ts';

/** Refuses a role that the database does not have: `usage`, with the statement that makes one. */
export async function refuseUnknownRole(session: Session, role: string): Promise<void> {
  const known = await session.query<{ name: string }>(sql`SELECT rolname AS name FROM pg_catalog.pg_roles`);
  const names = known.map(({ name }) => name);
  if (names.includes(role)) return;
  const own = names.filter((name) => !name.startsWith('pg_'));
  const meant = own.find((name) => name.toLowerCase() === role.toLowerCase()) ?? didYouMean(role, own);
  throw new TidemarkError('usage', {
    message: `The database has no role ${role}${meant === null ? '.' : `; did you mean ${meant}?`} Nothing was changed.`,
    hint: `Have an administrator make it: CREATE ROLE ${quoteName(role)} LOGIN PASSWORD '…';`,
  });
}

/**
 * What lets a role hand over records, and do nothing else: rights on single columns, so that it forges no mark, number or
 * time, and reads back the number it was given.
 */
export function grantsForScripts(role: string, datasets: readonly RecordsDataset[]): readonly Sql[] {
  return [
    sql`GRANT USAGE ON SCHEMA stage TO ${ident(role)}`,
    ...datasets.map((dataset) => {
      const { schema, name } = recordsTable(dataset);
      const rights = sql`INSERT (${columnList(SCRIPT_COLUMNS)}), SELECT (${columnList(SCRIPT_READS)})`;
      return sql`GRANT ${rights} ON ${ident(schema, name)} TO ${ident(role)}`;
    }),
  ];
}

const TOO_MUCH = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'] as const;

/** Warnings for rights that the role has otherwise, as an owner or by earlier grants, and that no script should have. */
export async function rightsBeyondScripts(
  session: Session,
  role: string,
  datasets: readonly RecordsDataset[],
): Promise<readonly string[]> {
  const warnings: string[] = [];
  for (const dataset of datasets) {
    const { schema, name } = recordsTable(dataset);
    const rights = TOO_MUCH.map(
      (right) => sql`has_table_privilege(r.oid, c.oid, ${right}) AS ${ident(right)}`,
    );
    const [row] = await session.query<Record<string, boolean>>(
      sql`SELECT ${join(rights)} FROM pg_catalog.pg_roles r, pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = ${schema} AND c.relname = ${name} AND r.rolname = ${role}`,
    );
    const held = TOO_MUCH.filter((right) => row?.[right] === true);
    if (held.length > 0) {
      const table = `${session.schemas.written(schema)}.${quoteName(name)}`;
      warnings.push(
        `The role ${role} also has ${held.join(', ')} on all of ${table}, so it can forge marks or lose records: give scripts a role of their own.`,
      );
    }
  }
  return warnings;
}
