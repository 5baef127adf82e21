import type { Dataset } from '../../domain/dataset.ts';
import { columnList, ident, join, type Sql, sql } from '../../sql/sql.ts';
import { identityTableName } from './dataset-tables.ts';

/**
 * Statements that give existing rows of a core table their surrogate keys, where the column is new. `fillReferences`
 * fills the keys of rows referred to, when every table has its keys.
 */
export function fillIdentity({ core }: Dataset, added: readonly string[]): Sql[] {
  const { identity, key } = core;
  if (identity === null || !added.includes(identity)) return [];
  const [table, given] = [ident('core', core.table), ident('core', identityTableName(core.table))];
  const keys = columnList(key);
  const same = join(
    key.map((name) => sql`${ident('i', name)} = ${ident('c', name)}`),
    ' AND ',
  );
  return [
    sql`INSERT INTO ${given} (${keys}, ${ident(identity)})
      SELECT ${keys}, row_number() OVER (ORDER BY ${keys}) FROM (SELECT DISTINCT ${keys} FROM ${table}) AS k`,
    sql`UPDATE ${table} AS c SET ${ident(identity)} = ${ident('i', identity)} FROM ${given} AS i WHERE ${same}`,
  ];
}

export function fillReferences({ core }: Dataset, added: readonly string[]): Sql[] {
  return core.references
    .filter((reference) => added.includes(reference.column))
    .map(({ column, fields, parentFields, parentTable, parentIdentity }) => {
      const same = fields.map(
        (name, i) =>
          sql`CAST(${ident('p', parentFields[i] as string)} AS VARCHAR) = CAST(${ident('c', name)} AS VARCHAR)`,
      );
      return sql`UPDATE ${ident('core', core.table)} AS c SET ${ident(column)} = ${ident('p', parentIdentity)}
        FROM ${ident('core', identityTableName(parentTable))} AS p WHERE ${join(same, ' AND ')}`;
    });
}
