import { didYouMean } from '../domain/did-you-mean.ts';
import { blank, option, options, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { raw, type Sql, sql } from '../sql/sql.ts';
import { parseExpression } from '../warehouse/parquet/parse-expression.ts';

/** The parts of a condition. All others are refused: subqueries, windows, functions that read anything else. */
const CLASSES = new Set([
  ...[
    'COLUMN_REF',
    'CONSTANT',
    'COMPARISON',
    'CONJUNCTION',
    'BETWEEN',
    'CASE',
    'CAST',
    'OPERATOR',
    'FUNCTION',
  ],
]);
const OPERATORS = new Set([
  ...['OPERATOR_NOT', 'OPERATOR_IS_NULL', 'OPERATOR_IS_NOT_NULL', 'OPERATOR_COALESCE'],
  ...['COMPARE_IN', 'COMPARE_NOT_IN'],
]);
/** Functions that both engines have with the same name and that read only their arguments. */
const FUNCTIONS = new Set([
  ...['~~', '!~~', '~~*', '!~~*', '||', '+', '-', '*', '/', '%'],
  ...[
    'lower',
    'upper',
    'length',
    'trim',
    'ltrim',
    'rtrim',
    'substring',
    'substr',
    'left',
    'right',
    'replace',
  ],
  ...['starts_with', 'abs', 'round', 'floor', 'ceil'],
]);

/**
 * A condition over the columns of one row, as people write it on the command line: one expression. It is read as a
 * tree, checked, and written again from the tree, so that exactly what was checked is run. `usage` where it is anything
 * else.
 */
export async function rowCondition(
  text: string,
  columns: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Sql> {
  const parsed = await parseExpression(text, signal);
  if ('error' in parsed) throw badCondition(parsed.error, columns);
  lookOver(parsed.tree, columns);
  return sql`(${raw(parsed.text)})`;
}

function lookOver(node: unknown, columns: readonly string[]): void {
  if (node === null || typeof node !== 'object') return;
  if (!Array.isArray(node)) {
    const part = node as Record<string, unknown>;
    const kind = part.class;
    if (typeof kind === 'string') {
      if (!CLASSES.has(kind)) throw badCondition(`${naming(kind)} cannot be part of it`, columns);
      if (kind === 'OPERATOR' && !OPERATORS.has(String(part.type)))
        throw badCondition(`${naming(String(part.type))} cannot be part of it`, columns);
      if (kind === 'FUNCTION') refuseFunction(part, columns);
      if (kind === 'COLUMN_REF') refuseStranger(part.column_names, columns);
    }
  }
  for (const child of Object.values(node)) lookOver(child, columns);
}

function refuseFunction(part: Record<string, unknown>, columns: readonly string[]): void {
  const name = String(part.function_name);
  if (FUNCTIONS.has(name) && (part.schema === '' || part.schema === undefined)) return;
  throw badCondition(`the function ${name} cannot be part of it`, columns);
}

function refuseStranger(names: unknown, columns: readonly string[]): void {
  const written = Array.isArray(names) ? names.map(String).join('.') : '';
  if (columns.includes(written)) return;
  const meant = didYouMean(written, columns);
  throw badCondition(
    `there is no column ${written}${meant === null ? '' : `; did you mean ${meant}?`}`,
    columns,
  );
}

const naming = (kind: string) => `a ${kind.toLowerCase().replaceAll('_', ' ')}`;

export function badCondition(why: string, columns: readonly string[], cause?: unknown): TidemarkError {
  const own = columns.find((name) => !name.startsWith('_')) ?? 'id';
  return new TidemarkError('usage', {
    message: words`${option('where')} is not one condition over the columns of a row: ${why}.`,
    hint: words`Compare columns with values, such as ${options({ where: blank(`${own} = '…'`) })}. Columns: ${columns.join(', ')}.`,
    cause,
  });
}
