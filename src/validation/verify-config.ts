import type { Dataset } from '../domain/dataset.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { literal } from '../warehouse/sql.ts';
import { constraintsOf } from './constraint-sql.ts';
import type { PlannedColumn } from './layout.ts';
import { type Scratch, ScratchError } from './scratch.ts';

/** Tries every configured pattern, bound and list once, so that a broken one is named instead of failing the pass over the rows. */
export async function verifyConfig(
  scratch: Scratch,
  dataset: Dataset,
  plan: readonly PlannedColumn[],
): Promise<void> {
  for (const { field, sqlType } of plan) {
    for (const { fault, broken } of constraintsOf(field, `CAST(NULL AS ${sqlType})`, "''")) {
      await attempt(scratch, `SELECT ${broken}`, (why) => `field '${field.name}', ${fault}: ${why}`, dataset);
    }
  }
  if (dataset.source.footer !== null) {
    await attempt(
      scratch,
      `SELECT regexp_matches('', ${literal(dataset.source.footer)})`,
      (why) => `footer: ${why}`,
      dataset,
    );
  }
}

async function attempt(
  scratch: Scratch,
  statement: string,
  message: (why: string) => string,
  dataset: Dataset,
): Promise<void> {
  try {
    await scratch.run(statement);
  } catch (error) {
    if (!(error instanceof ScratchError)) throw error;
    const why = (error.message.split('\n')[0] ?? '').replace(/^\w+( \w+)? Error: /, '');
    throw new TidemarkError('bad-config', {
      message: `Dataset '${dataset.name}', ${message(why)}`,
      where: { dataset: dataset.name },
      cause: error,
    });
  }
}
