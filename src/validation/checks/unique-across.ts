import type { CheckOf } from '../../domain/check.ts';
import { literal } from '../../sql/sql.ts';
import { type CheckEnv, columnNamed } from '../check-env.ts';
import { labelOf } from '../layout.ts';
import { softenedBy } from '../strictness.ts';
import { worded } from '../wording.ts';
import type { CatalogueEntry } from './entry.ts';
import { notAsked } from './table-check.ts';
import { addShared } from './unique.ts';

export const entries: readonly CatalogueEntry[] = [
  {
    code: 'unique-across',
    title: 'A value is in another delivery already',
    meaning:
      'The check `unique` with `across` looks at the other slices of the period, at the other periods of the slice, or at both: as they are loaded when the file is checked, and as they passed and wait to be loaded.',
    example: 'Payment 4711 is in the file of June, and was in that of May.',
    cure: 'Take the rows out that were delivered before, or correct their values.',
    config: '{name: paid_once, unique: {fields: [payment_id], across: periods}}',
  },
];

/** Places that a message names. */
const SHOWN_PLACES = 3;

/** Values whose combination may occur once: in the delivery and, where the check says so, in other deliveries. */
export async function checkUnique(env: CheckEnv, check: CheckOf<'unique'>): Promise<void> {
  const columns = check.fields.map((name) => columnNamed(env, name));
  const about = columns.map((column) => labelOf(column.field)).join(' + ');
  const twice = worded(check, 'unique-error', { column: about });
  await addShared(env, columns, { name: check.name, ...twice }, check);
  if (check.across === 'file') return;
  const paths = env.others?.get(check);
  if (paths === undefined) {
    notAsked(env, check, 'nothing is loaded to compare with');
    return;
  }
  const keys = columns.map(({ sqlType }, n) => `TRY_CAST(k${n} AS ${sqlType}) AS k${n}`).join(', ');
  const lists = paths.map((path) => `SELECT ${keys}, w FROM read_parquet(${literal(path)})`);
  const listed = `(${lists.join(' UNION ALL ')})`;
  const same = columns.map(({ index }, n) => `k.k${n} = s.v${index}`).join(' AND ');
  const places = await env.scratch.rows<{ w: string }>(
    `SELECT DISTINCT k.w FROM ${listed} AS k SEMI JOIN s ON ${same} ORDER BY 1 LIMIT ${SHOWN_PLACES + 1}`,
  );
  if (places.length === 0) return;
  const named = places
    .slice(0, SHOWN_PLACES)
    .map(({ w }) => w)
    .join(', ');
  const where = `${named}${places.length > SHOWN_PLACES ? ' and more' : ''}`;
  const before = worded(check, 'unique-across', { column: about, places: where });
  await env.faults.add(
    { name: `${check.name}, other deliveries`, severity: check.severity, columns, ...before },
    `SELECT s.rid FROM s SEMI JOIN ${listed} AS k ON ${same}`,
    softenedBy(check, before.summary, env.read),
  );
}
