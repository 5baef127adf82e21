import type { Model } from '../promotion/model-sql.ts';
import { parseQuery, type QueryNode } from '../warehouse/parquet/parse-query.ts';
import type { Session } from '../warehouse/warehouse.ts';
import {
  castDecimals,
  type Decimals,
  decimalsOf,
  isNode,
  readSelect,
  type Scope,
  sourcesOfDecimals,
  type Tables,
} from './column-decimals.ts';
import type { Mart } from './mart.ts';

const NOWHERE: Scope = { sources: new Map(), named: new Map() };

/**
 * A model's SELECT as a tree; null where it has no cast (unless it is read `anyway`), or has words that are not known
 * here.
 */
export async function readCasts(model: Model, anyway = false): Promise<QueryNode | null> {
  const text = model.pieces.join("''");
  return anyway || /\bcast\s*\(|::/i.test(text) ? parseQuery(text, undefined) : null;
}

/** The same for a mart, with the core tables as they are. */
export async function roundingCastsOf(session: Session, { model, reads }: Mart): Promise<readonly string[]> {
  const tree = await readCasts(model);
  if (tree === null) return [];
  const core = new Map<string, Decimals>();
  for (const name of reads) {
    const columns = (await session.columns({ schema: 'core', name })) ?? [];
    const decimals = new Map(columns.map((column) => [column.name.toLowerCase(), decimalsOf(column.type)]));
    core.set(name, decimals).set(`${name}_live`, decimals);
  }
  return roundingCasts(model, tree, (schema, name) => (schema === 'core' ? (core.get(name) ?? null) : null));
}

/**
 * Casts of a model that would round, as sentences: the column has more decimals than the type of the cast, for example
 * after a field of whole numbers has become one with decimals. Rounding on purpose, by `round` or an average, is not
 * listed.
 */
export function roundingCasts(model: Model, tree: QueryNode | null, tables: Tables): readonly string[] {
  const found: string[] = [];
  const visit = (value: unknown, scope: Scope): void => {
    if (Array.isArray(value)) for (const one of value) visit(one, scope);
    if (!isNode(value)) return;
    const within = isSelect(value) ? readSelect(value, tables, scope).scope : scope;
    if (value.class === 'CAST') found.push(...told(model, value, within));
    for (const [key, one] of Object.entries(value)) if (key !== 'cast_type') visit(one, within);
  };
  visit(tree, NOWHERE);
  return [...new Set(found)];
}

/** The columns of a dataset's core table that come from a model of the pipeline. */
export function givenBy(tree: QueryNode | null, tables: Tables): Decimals {
  return tree === null ? new Map() : readSelect(tree, tables, NOWHERE).gives;
}

function isSelect(node: QueryNode): boolean {
  return node.type === 'SELECT_NODE' || node.type === 'SET_OPERATION_NODE';
}

function told(model: Model, cast: QueryNode, scope: Scope): readonly string[] {
  const left = castDecimals(cast);
  if (left === null) return [];
  const type = String((cast.cast_type as QueryNode).id);
  return [...sourcesOfDecimals(cast.child, scope)]
    .filter(([, decimals]) => decimals > left)
    .map(([column, decimals]) => {
      const has = decimals === Number.POSITIVE_INFINITY ? 'any number of' : String(decimals);
      const to = type === 'DECIMAL' ? `DECIMAL with ${left}` : type;
      const places = decimals === 1 ? 'decimal' : 'decimals';
      return `${model.displayPath}:${lineOf(model, Number(cast.query_location))}: the cast to ${to} rounds '${column}', which has ${has} ${places}. Take the cast out, or write round(…) in it if that is meant.`;
    });
}

/** The parser counts bytes of its text. */
function lineOf({ pieces }: Model, at: number): number {
  return Buffer.from(pieces.join("''")).subarray(0, at).toString().split('\n').length;
}
