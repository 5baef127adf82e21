import { StatementError } from '../checks/engine.ts';
import type { PlannedColumn } from '../checks/planned-column.ts';
import type { Dataset, Field } from '../domain/dataset.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { literal } from '../sql/sql.ts';
import { constant, constraintsOf } from './constraint-sql.ts';
import type { Scratch } from './scratch.ts';

/** The message names dataset and key, and no line: the lines of the file are not known here. */
const FIX = 'Fix it in the configuration, then run `tidemark config check`.';

/**
 * Tries every configured pattern, limit and list once, so that a broken one is named before the pass over the rows
 * fails.
 */
export async function verifyConfig(
  scratch: Scratch,
  dataset: Dataset,
  plan: readonly PlannedColumn[],
): Promise<void> {
  for (const { field, sqlType } of plan) {
    // In a statement of its own, because the engine returns null for a comparison with null before it evaluates the
    // other side.
    for (const { what, sql } of boundsOf(field)) {
      await tryStatement(
        scratch,
        `SELECT ${sql}`,
        (why) => `field '${field.name}', ${what}: ${why}`,
        dataset,
      );
    }
    await refuseEmptyRange(scratch, dataset, field);
    for (const { fault, broken } of constraintsOf(field, `CAST(NULL AS ${sqlType})`, "''")) {
      await tryStatement(
        scratch,
        `SELECT ${broken}`,
        (why) => `field '${field.name}', ${fault}: ${why}`,
        dataset,
      );
    }
  }
  if (dataset.source.kind === 'records') return;
  for (const what of ['footer', 'skip'] as const) {
    const pattern = dataset.source[what];
    if (pattern === null) continue;
    const trial = `SELECT regexp_matches('', ${literal(pattern)})`;
    await tryStatement(scratch, trial, (why) => `${what}: ${why}`, dataset);
  }
}

function boundsOf(field: Field): { readonly what: string; readonly sql: string }[] {
  const { minimum, maximum, enum: allowed } = field.constraints;
  const one = (what: string, text: string) => ({ what, sql: constant(field, text) });
  return [
    ...(minimum === null ? [] : [one('minimum', minimum)]),
    ...(maximum === null ? [] : [one('maximum', maximum)]),
    ...(allowed ?? []).map((text) => one('enum', text)),
  ];
}

async function refuseEmptyRange(scratch: Scratch, dataset: Dataset, field: Field): Promise<void> {
  const { minimum, maximum } = field.constraints;
  if (minimum === null || maximum === null) return;
  const { none } = await scratch.row<{ none: boolean }>(
    `SELECT (${constant(field, minimum)} > ${constant(field, maximum)}) AS none`,
  );
  if (!none) return;
  throw new TidemarkError('bad-config', {
    message: `Dataset '${dataset.name}', field '${field.name}': minimum ${minimum} is above maximum ${maximum}, so no value would pass.`,
    hint: FIX,
    where: { dataset: dataset.name },
  });
}

async function tryStatement(
  scratch: Scratch,
  statement: string,
  message: (why: string) => string,
  dataset: Dataset,
): Promise<void> {
  try {
    await scratch.run(statement);
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    const why = (error.message.split('\n')[0] ?? '').replace(/^\w+( \w+)? Error: /, '');
    throw new TidemarkError('bad-config', {
      message: `Dataset '${dataset.name}', ${message(why)}`,
      hint: FIX,
      where: { dataset: dataset.name },
      cause: error,
    });
  }
}
