import type { QueryNode } from '../warehouse/parquet/parse-query.ts';

/** Digits after the decimal point of columns, by name; infinite for binary numbers. Other columns are left out. */
export type Decimals = ReadonlyMap<string, number>;

/** The tables and queries to which the columns of an expression belong. */
export interface Scope {
  /** Columns of the tables in FROM, by alias in small letters. */
  readonly sources: ReadonlyMap<string, Decimals>;
  /** Columns of the queries in WITH. */
  readonly named: ReadonlyMap<string, Decimals>;
}

export type Tables = (schema: string, name: string) => Decimals | null;

/** Functions whose results have the decimals of their arguments. */
const PASSING = new Set(
  (
    'sum min max abs any_value first last arg_min arg_max min_by max_by lag lead first_value last_value nth_value nullif ' +
    'greatest least coalesce + - *'
  ).split(' '),
);

/** The decimals of a column type such as DECIMAL(18,2). */
export function decimalsOf(type: string): number {
  const scale = /^(?:DECIMAL|NUMERIC)\(\d+,\s*(\d+)\)$/i.exec(type)?.[1];
  if (scale !== undefined) return Number(scale);
  return /^(?:DOUBLE|FLOAT|REAL|DECIMAL|NUMERIC)/i.test(type) ? Number.POSITIVE_INFINITY : 0;
}

/**
 * Columns from which an expression takes its decimals, with their number of decimals; a function that rounds on purpose
 * ends the search.
 */
export function sourcesOfDecimals(node: unknown, scope: Scope): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const visit = (one: unknown): void => {
    if (!isNode(one)) return;
    if (one.class === 'COLUMN_REF') {
      const names = one.column_names as readonly string[];
      const decimals = decimalsIn(scope, names);
      if (decimals > 0) found.set(names.at(-1) ?? '', decimals);
    } else if (one.class === 'CASE') {
      for (const check of one.case_checks as readonly QueryNode[]) visit(check.then_expr);
      visit(one.else_expr);
    } else if (one.type === 'OPERATOR_COALESCE' || one.type === 'SUBQUERY') {
      for (const child of (one.children ?? []) as readonly unknown[]) visit(child);
    } else if (
      (one.class === 'FUNCTION' || one.class === 'WINDOW') &&
      PASSING.has(String(one.function_name))
    ) {
      for (const child of one.children as readonly unknown[]) visit(child);
    }
  };
  visit(node);
  return found;
}

function decimalsIn({ sources }: Scope, names: readonly string[]): number {
  const [column = '', alias] = [...names].reverse().map((name) => name.toLowerCase());
  if (alias !== undefined) return sources.get(alias)?.get(column) ?? 0;
  return Math.max(0, ...[...sources.values()].map((columns) => columns.get(column) ?? 0));
}

/** The columns that a SELECT returns, and the scope of its expressions; `outer` is the scope around it. */
export function readSelect(
  node: QueryNode,
  tables: Tables,
  outer: Scope,
): { readonly scope: Scope; readonly gives: Decimals } {
  const named = new Map(outer.named);
  const map = (node.cte_map as { readonly map?: readonly QueryNode[] } | undefined)?.map ?? [];
  for (const { key, value } of map) {
    const query = ((value as QueryNode).query as QueryNode).node as QueryNode;
    named.set(String(key).toLowerCase(), readSelect(query, tables, { ...outer, named }).gives);
  }
  const within = { sources: outer.sources, named };
  if (node.type !== 'SELECT_NODE') {
    const left = isNode(node.left) ? readSelect(node.left, tables, within).gives : new Map();
    return { scope: within, gives: left };
  }
  const sources = new Map([...outer.sources, ...sourcesOf(node.from_table, tables, within)]);
  const scope = { sources, named };
  const gives = new Map<string, number>();
  for (const item of node.select_list as readonly QueryNode[]) {
    if (item.class === 'STAR')
      for (const columns of sources.values()) for (const each of columns) gives.set(...each);
    else {
      const name = String(item.alias || (item.column_names as readonly string[] | undefined)?.at(-1) || '');
      const decimals = givenDecimals(item, scope);
      if (name !== '' && decimals > 0) gives.set(name.toLowerCase(), decimals);
    }
  }
  return { scope, gives };
}

function givenDecimals(item: QueryNode, scope: Scope): number {
  if (item.class === 'CAST') return castDecimals(item) ?? 0;
  return Math.max(0, ...sourcesOfDecimals(item, scope).values());
}

/** The decimals that remain after a cast; null where its type is not a number. */
export function castDecimals({ cast_type }: QueryNode): number | null {
  const { id, type_info } = cast_type as { readonly id: string; readonly type_info: QueryNode | null };
  if (/^(?:U?(?:BIG|TINY|SMALL|HUGE)INT|U?INTEGER)$/.test(id)) return 0;
  if (id === 'DECIMAL') return type_info === null ? Number.POSITIVE_INFINITY : Number(type_info.scale);
  return id === 'DOUBLE' || id === 'FLOAT' ? Number.POSITIVE_INFINITY : null;
}

function sourcesOf(from: unknown, tables: Tables, scope: Scope): Map<string, Decimals> {
  if (!isNode(from)) return new Map();
  if (from.type === 'JOIN')
    return new Map([...sourcesOf(from.left, tables, scope), ...sourcesOf(from.right, tables, scope)]);
  const alias = String(from.alias || from.table_name || '').toLowerCase();
  if (from.type === 'BASE_TABLE') {
    const [schema, name] = [String(from.schema_name).toLowerCase(), String(from.table_name).toLowerCase()];
    const columns = schema === '' ? scope.named.get(name) : tables(schema, name);
    return new Map([[alias, columns ?? new Map()]]);
  }
  const query = isNode(from.subquery) && isNode(from.subquery.node) ? from.subquery.node : null;
  return new Map([[alias, query === null ? new Map() : readSelect(query, tables, scope).gives]]);
}

export function isNode(value: unknown): value is QueryNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
