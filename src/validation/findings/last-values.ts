import type { RowRelations } from '../../checks/check-env.ts';
import type { PlannedColumn } from '../../checks/planned-column.ts';
import type { Rule } from '../../checks/rule.ts';
import type { Scratch } from '../scratch.ts';

/** Rows of the last period that are looked up: suggestions for the first problems, not for all of a long list. */
const LOOKED_UP = 500;

/**
 * Values of the last period by key: each row's values as engines write them, in the order of `columns`. `keys` are texts in
 * the order of `key`.
 */
export type LookUp = (
  key: readonly string[],
  keys: readonly (readonly string[])[],
  columns: readonly string[],
) => Promise<readonly { readonly key: readonly string[]; readonly values: readonly (string | null)[] }[]>;

/**
 * The value of the same key in the last period: looked up only where a value is wrong and that one may be right again.
 */
export class LastValues {
  readonly #lookUp: LookUp | null;

  constructor(lookUp: LookUp | null) {
    this.#lookUp = lookUp;
  }

  /** Returns, for row and field, that field's value in the last period, or null. */
  async of(
    scratch: Scratch,
    { data }: RowRelations,
    key: readonly PlannedColumn[],
    samples: readonly { readonly rule: Rule; readonly rids: readonly number[] }[],
  ): Promise<(rid: number, field: string | null) => string | null> {
    const nothing = () => null;
    const names = key.map(({ name }) => name);
    if (this.#lookUp === null || key.length === 0) return nothing;
    const asked = samples.filter(({ rule }) => mayBeAsked(rule, names));
    const fields = [...new Set(asked.flatMap(({ rule }) => rule.columns[0]?.name ?? []))];
    const rids = [...new Set(asked.flatMap(({ rids: some }) => some))].slice(0, LOOKED_UP);
    if (rids.length === 0) return nothing;
    const keys = await keysOf(scratch, data, key, rids);
    const found = await this.#lookUp(names, distinct(keys.values()), fields);
    const byKey = new Map(found.map((row) => [row.key.join('\x1f'), row.values]));
    return (rid, field) => {
      const at = field === null ? -1 : fields.indexOf(field);
      return byKey.get(keys.get(rid)?.join('\x1f') ?? '')?.[at] ?? null;
    };
  }
}

function mayBeAsked({ severity, columns, code }: Rule, key: readonly string[]): boolean {
  const [column, second] = columns;
  return (
    severity !== 'info' &&
    column !== undefined &&
    second === undefined &&
    column.source !== null &&
    !column.field.pii &&
    !key.includes(column.name) &&
    ['type-error', 'constraint-error', 'foreign-key'].includes(code)
  );
}

async function keysOf(
  scratch: Scratch,
  data: string,
  key: readonly PlannedColumn[],
  rids: readonly number[],
): Promise<Map<number, readonly string[]>> {
  const texts = key.map(({ index }, n) => `v${index}::VARCHAR AS k${n}`).join(', ');
  const filled = key.map(({ index }) => `v${index} IS NOT NULL`).join(' AND ');
  const rows = await scratch.rows<Record<string, string>>(
    `SELECT rid, ${texts} FROM ${data} WHERE rid IN (${rids.join(', ')}) AND ${filled}`,
  );
  return new Map(rows.map((row) => [Number(row.rid), key.map((_, n) => row[`k${n}`] as string)]));
}

function distinct(keys: Iterable<readonly string[]>): (readonly string[])[] {
  return [...new Map([...keys].map((one) => [one.join('\x1f'), one])).values()];
}
