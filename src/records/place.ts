import type { Dataset } from '../domain/dataset.ts';
import { ident, join, literal, raw, type Sql, sql } from '../sql/sql.ts';
import { columnType } from '../types/column-type.ts';

/** Types whose text is a JSON value as it is. */
const PLAIN = new Set(['BIGINT', 'INTEGER', 'SMALLINT', 'BOOLEAN']);

/**
 * Where core row `alias` is, as JSON text: its key, then its surrogate key where rows have one. Decimals and moments are
 * texts: as numbers one of the engines would round them, and it writes moments in its own way.
 */
export function placeOf({ core, fields }: Dataset, alias: string, withIdentity: boolean): Sql {
  const columns = core.key.map((name) => {
    const field = fields.find((each) => each.name === name);
    return { name, type: field === undefined ? 'VARCHAR' : columnType(field) };
  });
  if (withIdentity && core.identity !== null) columns.push({ name: core.identity, type: 'BIGINT' });
  const members = columns.map(({ name, type }, i) => {
    const column = ident(alias, name);
    const text = sql`CAST(${column} AS VARCHAR)`;
    const plain =
      type === 'DOUBLE' ? sql`to_json(${column})` : PLAIN.has(type) ? text : sql`to_json(${text})`;
    const label = raw(literal(`${i === 0 ? '' : ','}${JSON.stringify(name)}:`));
    return sql`${label} || COALESCE(CAST(${plain} AS VARCHAR), 'null')`;
  });
  return sql`('{' || ${join(members, ' || ')} || '}')`;
}

/** The key in `promoted_to` of record `r`, or in another place, without the surrogate key: rows may have got these since. */
export function linkedPlace({ core }: Dataset, place = raw('CAST(r.promoted_to AS VARCHAR)')): Sql {
  if (core.identity === null) return place;
  const last = `,${JSON.stringify(core.identity)}:[0-9]+[}]$`;
  return sql`regexp_replace(${place}, ${last}, '}')`;
}
