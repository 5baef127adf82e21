import type { ForeignKey } from '../domain/dataset.ts';
import { literal } from '../sql/sql.ts';
import type { ReferenceKeys } from './basis.ts';
import type { CheckEnv } from './check-env.ts';
import { columnNamed, type PlannedColumn } from './planned-column.ts';

/** How the judged rows, as `j`, are compared with the keys in which their foreign key is looked up. */
export interface KeysMatch {
  readonly columns: readonly PlannedColumn[];
  /** A relation of the keys, k0 …, to be called `k`. */
  readonly listed: string;
  /** The parts of the key `k`, each of the type of its column. */
  readonly keys: readonly string[];
  /** The condition that a row `j` has the key `k`. */
  readonly same: string;
}

export function keysMatch(
  { plan, rows }: Pick<CheckEnv, 'plan' | 'rows'>,
  key: ForeignKey,
  reference: ReferenceKeys | undefined,
): KeysMatch {
  const columns = key.fields.map((name) => columnNamed({ plan }, name));
  const listed =
    reference === undefined || reference.from === 'own'
      ? `(SELECT ${key.referenceFields.map((name, n) => `v${columnNamed({ plan }, name).index} AS k${n}`).join(', ')} FROM ${rows.judged})`
      : `read_parquet(${literal(reference.path)})`;
  // The list may come from another engine, whose types differ in width: both sides are compared in the field's type, or
  // as text.
  const keys = columns.map(
    ({ sqlType }, n) => `TRY_CAST(k.k${n} AS ${sqlType === 'JSON' ? 'VARCHAR' : sqlType})`,
  );
  const same = columns.map(({ index }, n) => `(${keys[n]} = j.v${index})`).join(' AND ');
  return { columns, listed, keys, same };
}
