import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Basis } from '../checks/basis.ts';
import type { PlannedColumn } from '../checks/planned-column.ts';
import type { Config } from '../config/config.ts';
import { counted } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { NO_PERIOD, parsePeriod } from '../domain/period.ts';
import { parseSlice } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import { decidedBy } from '../domain/who-and-why.ts';
import { command, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { Project } from '../lake/project.ts';
import type { StandingCorrection } from '../ledger/corrections.ts';
import { literal, quoteName } from '../sql/sql.ts';
import { fetchBasis } from '../validation/basis/fetch-basis.ts';
import { checkRows } from '../validation/check-rows.ts';
import { plannedColumns, typeTexts } from '../validation/overlay/correction-texts.ts';
import { layOver, type Overlaid } from '../validation/overlay/lay-over.ts';
import { Scratch } from '../validation/scratch.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** What the checks of corrected rows compare with, copied into a scratch folder. */
export async function fetchCorrectedBasis(
  session: Session,
  around: { readonly project: Project; readonly config: Config },
  dataset: Dataset,
  target: Target,
  folder: string,
): Promise<Basis> {
  const period = parsePeriod(target.period) ?? NO_PERIOD;
  const slice = parseSlice(target.slice);
  const { basis } = await fetchBasis(session, around, {
    ...{ dataset, period, slice, folder },
    lists: 'as-found',
    waiting: false,
    sentAs: null,
  });
  return basis;
}

export interface CorrectedParquet extends Overlaid {
  /** The corrected rows, in the order of the file; null where no row differs, so that the file itself can be used. */
  readonly path: string | null;
}

export interface ToCorrect {
  readonly dataset: Dataset;
  readonly target: Target;
  readonly corrections: readonly StandingCorrection[];
  readonly parquetPath: string;
  readonly basis: Basis;
  /** An existing folder of the caller, who removes it. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/**
 * Applies the valid corrections of a target to its cleaned rows, runs the dataset's checks on the result and writes it
 * into the scratch folder. The cleaned file does not change. Rows that fail are `correction-refused`.
 */
export async function correctParquet(input: ToCorrect): Promise<CorrectedParquet> {
  const { dataset, corrections, target } = input;
  const plan = plannedColumns(dataset, parseSlice(target.slice));
  const scratch = await Scratch.open(input.folder, { reads: [input.parquetPath], width: plan.length });
  const stop = () => scratch.interrupt();
  input.signal.addEventListener('abort', stop);
  try {
    const texts = await typeTexts(scratch, plan, dataset, corrections);
    for (const [n, { message }] of texts.faults) throw refused(input, message, corrections[n]);
    // A plain name: DuckDB could read the project's own path as a pattern, which is not among the allowed files.
    const delivered = join(input.folder, 'delivered.parquet');
    symlinkSync(resolve(input.parquetPath), delivered);
    const overlaid = await layOver(scratch, { plan, dataset, corrections, texts }, delivered);
    if (overlaid.rows === 0) return { ...overlaid, path: null };
    await check(scratch, input, plan, overlaid);
    const path = join(input.folder, 'corrected.parquet');
    const columns = plan.map((column) => `v${column.index} AS ${quoteName(column.name)}`);
    await scratch.run(
      `COPY (SELECT ${columns.join(', ')}, r AS "_source_row" FROM ${overlaid.relation} ORDER BY rid) TO ${literal(path)}
       (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`,
    );
    return { ...overlaid, path };
  } finally {
    input.signal.removeEventListener('abort', stop);
    scratch.close();
  }
}

async function check(
  scratch: Scratch,
  input: ToCorrect,
  plan: readonly PlannedColumn[],
  { relation, applied }: Overlaid,
): Promise<void> {
  const { dataset, basis, corrections } = input;
  const { faults, tableFindings } = await checkRows(
    scratch,
    dataset,
    { door: 'typed', relation, plan },
    basis,
  );
  const rule = faults.broken().find(({ severity }) => severity === 'error');
  if (rule !== undefined) {
    const [at] = await scratch.rows<{ n: string }>(
      `SELECT max(n)::VARCHAR AS n FROM ${applied} JOIN ${faults.relation} USING (rid) WHERE rule = ${rule.id} HAVING max(n) IS NOT NULL`,
    );
    const message = `${rule.summary} (${counted(faults.count(rule), 'row')})`;
    throw refused(input, message, corrections[Number(at?.n ?? corrections.length - 1)]);
  }
  const failed = tableFindings.find(({ severity }) => severity === 'error');
  if (failed !== undefined) throw refused(input, failed.message.replace(/\.$/, ''), corrections.at(-1));
}

function refused({ target }: ToCorrect, why: string, at: StandingCorrection | undefined): TidemarkError {
  const { dataset, period } = target;
  return new TidemarkError('correction-refused', {
    message: `${dataset} ${period} as corrected does not pass its checks: ${why.replace(/\.$/, '')}. Nothing was loaded.`,
    hint: words`Take the correction back: ${command('correct', { undo: at?.correctionId, ...decidedBy() })}`,
    where: { dataset, period },
  });
}
