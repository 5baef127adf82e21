import { TidemarkError } from '../../errors/tidemark-error.ts';
import { literal, quoteName } from '../../warehouse/sql.ts';
import { CELL_ERRORS, cellMask } from '../bits.ts';
import { type CheckEnv, hasPii } from '../check-env.ts';
import type { PlannedColumn } from '../layout.ts';
import { ScratchError } from '../scratch.ts';
import type { CatalogueEntry } from './entry.ts';
import type { CheckOf } from './table-check.ts';

export const entries: readonly CatalogueEntry[] = [
  {
    code: 'row-constraint',
    title: 'A row breaks a rule between its values',
    meaning:
      'The expression of the check is false for the row. Where a value it needs is blank, the row passes.',
    example: 'totals is not the sum of the columns beside it.',
    cure: 'Correct the row.',
  },
];

/** A boolean SQL expression over the typed columns; rows for which it is false break it. */
export async function checkExpression(env: CheckEnv, check: CheckOf<'expect'>): Promise<void> {
  const used = await columnsUsed(env, check);
  // A value that could not be read is reported already: what follows from its absence is no second fault.
  const sound = used.map((column) => `${cellMask(column.index)} & ${CELL_ERRORS} = 0`);
  const where = sound.length === 0 ? 'true' : `(m IS NULL OR (${sound.join(' AND ')}))`;
  const columns = env.plan.map((column) => `v${column.index} AS ${quoteName(column.name)}`);
  const rows = `SELECT "_rid" AS rid FROM (SELECT "_rid", (${check.expression}\n)::BOOLEAN AS "_ok"
    FROM (SELECT rid AS "_rid", ${columns.join(', ')} FROM s WHERE ${where})) WHERE NOT "_ok"`;
  const summary = check.message ?? `The rule '${check.name}' does not hold`;
  const init = {
    code: 'row-constraint',
    name: check.name,
    severity: check.severity,
    columns: used,
    summary,
    message: () => (check.message === null ? `${summary}: ${check.expression.trim()}` : check.message),
    fix: () =>
      `Check ${used.map((column) => column.field.title ?? column.name).join(', ') || 'the values'} in this row.`,
  };
  try {
    const count = await env.scratch.count(`SELECT count(*) FROM (${rows})`);
    if (count > 0) await env.faults.add(init, rows);
  } catch (error) {
    if (error instanceof ScratchError) throw broken(env, check, error.message);
    throw error;
  }
}

/** The columns an expression names; refuses what is more than one expression over a row. */
async function columnsUsed(env: CheckEnv, check: CheckOf<'expect'>): Promise<PlannedColumn[]> {
  // Without brackets around it too: `a) OR (b` must not close ours.
  await parse(env, check, `SELECT ${check.expression}\n`);
  const parsed = await parse(env, check, `SELECT (${check.expression}\n)`);
  if (parsed.statements?.length !== 1) throw broken(env, check, 'it is more than one expression');
  const names = new Set<string>();
  walk(parsed.statements, (node) => {
    if (node.class === 'SUBQUERY' || node.class === 'WINDOW') {
      throw broken(env, check, 'an expression over one row can hold no subquery and no window');
    }
    if (node.class === 'COLUMN_REF' && Array.isArray(node.column_names)) {
      names.add(String(node.column_names.at(0)).toLowerCase());
    }
  });
  return env.plan.filter((column) => names.has(column.name.toLowerCase()));
}

async function parse(
  env: CheckEnv,
  check: CheckOf<'expect'>,
  statement: string,
): Promise<{ readonly statements?: readonly unknown[] }> {
  const { tree } = await env.scratch.row<{ tree: string }>(
    `SELECT json_serialize_sql(${literal(statement)}) AS tree`,
  );
  const parsed = JSON.parse(tree) as { error: boolean; error_message?: string; statements?: unknown[] };
  if (parsed.error) throw broken(env, check, parsed.error_message ?? 'it is not SQL');
  return parsed;
}

function walk(node: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(node)) for (const child of node) walk(child, visit);
  else if (node !== null && typeof node === 'object') {
    visit(node as Record<string, unknown>);
    for (const child of Object.values(node)) walk(child, visit);
  }
}

function broken(env: CheckEnv, check: CheckOf<'expect'>, why: string): TidemarkError {
  // What the engine says of a value it could not use quotes that value.
  const first = (why.split('\n')[0] ?? why).replace(/^\w+ Error: /, '');
  const own = (quoted: string) => check.expression.includes(quoted.slice(1, -1));
  const shown = hasPii(env.plan)
    ? first.replace(/'[^']*'|"[^"]*"/g, (quoted) => (own(quoted) ? quoted : '…'))
    : first;
  return new TidemarkError('bad-config', {
    message: `Dataset '${env.dataset.name}', check '${check.name}': the expression cannot be computed: ${shown.slice(0, 300)}`,
    hint: 'Mend `expect` of this check in datasets_config.yml; it is one SQL expression over the fields.',
    where: { dataset: env.dataset.name },
  });
}
