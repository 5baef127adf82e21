import { z } from 'zod';
import type { Check } from '../domain/check.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { literal, quoteName } from '../sql/sql.ts';
import type { CheckEnv } from './check-env.ts';
import { StatementError } from './engine.ts';
import { hasPii, type PlannedColumn } from './planned-column.ts';

/** The key of a condition: only rows for which it is true are checked. */
export const WHEN = z
  .string()
  .optional()
  .describe('For `expect` and `required`: a SQL expression; only rows for which it is true are checked.');

/** A SQL expression over the typed columns of one row, which a check has under `key`. */
export interface RowExpression {
  readonly check: Check;
  readonly key: 'expect' | 'when';
  readonly text: string;
  /** Columns it names. */
  readonly used: readonly PlannedColumn[];
}

/** Refuses everything but one expression over a row, so that it can be used inside a statement of ours. */
export async function parseExpression(
  env: CheckEnv,
  check: Check,
  key: RowExpression['key'],
  text: string,
): Promise<RowExpression> {
  const about = { check, key, text, used: [] };
  // Also without brackets around it: `a) OR (b` must not close ours.
  await parse(env, about, `SELECT ${text}\n`);
  const parsed = await parse(env, about, `SELECT (${text}\n)`);
  if (parsed.statements?.length !== 1) throw broken(env, about, 'it is more than one expression');
  const names = new Set<string>();
  walk(parsed.statements, (node) => {
    if (node.class === 'SUBQUERY' || node.class === 'WINDOW') {
      throw broken(env, about, 'an expression over one row can hold no subquery and no window');
    }
    if (node.class === 'COLUMN_REF' && Array.isArray(node.column_names)) {
      names.add(String(node.column_names.at(0)).toLowerCase());
    }
  });
  return { ...about, used: env.plan.filter((column) => names.has(column.name.toLowerCase())) };
}

/**
 * A query of the rids of rows whose cells were all read and for which `test` over the expressions is true: `_0`, `_1` …
 * in `test` stand for their values. `also` are columns that must be readable besides those that the expressions name.
 */
export function rowsWhere(
  env: CheckEnv,
  expressions: readonly RowExpression[],
  test: string,
  also: readonly PlannedColumn[] = [],
): string {
  const used = [...new Set([...expressions.flatMap((one) => one.used), ...also])];
  const columns = env.plan.map((column) => `v${column.index} AS ${quoteName(column.name)}`);
  const values = expressions.map((one, i) => `, (${one.text}\n)::BOOLEAN AS "_${i}"`);
  const own = also.map((column) => `, "_v${column.index}"`);
  const beside = also.map((column) => `, v${column.index} AS "_v${column.index}"`);
  return `SELECT "_rid" AS rid FROM (SELECT "_rid"${own.join('')}${values.join('')}
    FROM (SELECT rid AS "_rid", ${[...columns].join(', ')}${beside.join('')} FROM ${env.rows.judged} WHERE ${env.readable(used)})) WHERE ${test}`;
}

/** Runs a query over the expressions; an expression that cannot be computed is an error of the configuration. */
export async function computing<T>(
  env: CheckEnv,
  expressions: readonly RowExpression[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const [first] = expressions;
    if (!(error instanceof StatementError) || first === undefined) throw error;
    throw broken(env, await faulty(env, expressions, first), error.message);
  }
}

/** The expression that cannot be computed by itself. */
async function faulty(
  env: CheckEnv,
  expressions: readonly RowExpression[],
  first: RowExpression,
): Promise<RowExpression> {
  for (const one of expressions) {
    try {
      await env.engine.count(`SELECT count(*) FROM (${rowsWhere(env, [one], '"_0"')})`);
    } catch {
      return one;
    }
  }
  return first;
}

async function parse(
  env: CheckEnv,
  about: RowExpression,
  statement: string,
): Promise<{ readonly statements?: readonly unknown[] }> {
  const { tree } = await env.engine.row<{ tree: string }>(
    `SELECT json_serialize_sql(${literal(statement)}) AS tree`,
  );
  const parsed = JSON.parse(tree) as { error: boolean; error_message?: string; statements?: unknown[] };
  if (parsed.error) throw broken(env, about, parsed.error_message ?? 'it is not SQL');
  return parsed;
}

function walk(node: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(node)) for (const child of node) walk(child, visit);
  else if (node !== null && typeof node === 'object') {
    visit(node as Record<string, unknown>);
    for (const child of Object.values(node)) walk(child, visit);
  }
}

function broken(env: CheckEnv, { check, key, text }: RowExpression, why: string): TidemarkError {
  // The engine's message about a value that it could not use contains that value.
  const first = (why.split('\n')[0] ?? why).replace(/^\w+ Error: /, '');
  const own = (quoted: string) => text.includes(quoted.slice(1, -1));
  const shown = hasPii(env.plan)
    ? first.replace(/'[^']*'|"[^"]*"/g, (quoted) => (own(quoted) ? quoted : '…'))
    : first;
  return new TidemarkError('bad-config', {
    message: `Dataset '${env.dataset.name}', check '${check.name}': the expression cannot be computed: ${shown.slice(0, 300)}`,
    hint: `Fix \`${key}\` of this check in datasets_config.yml; it is one SQL expression over the fields.`,
    where: { dataset: env.dataset.name },
  });
}
