import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { counted } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { NO_PERIOD, type Period, parsePeriod } from '../domain/period.ts';
import { parseSlice } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import { whoAndWhyFlags } from '../domain/who-and-why.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { Project } from '../lake/project.ts';
import type { StandingCorrection } from '../ledger/corrections.ts';
import { literal, quoteName } from '../sql/sql.ts';
import type { CheckEnv, OtherPeriod, PreviousPeriod } from '../validation/check-env.ts';
import { Faults } from '../validation/faults.ts';
import { makeChecks } from '../validation/judge.ts';
import { fetchOtherKeys, type OtherKeys } from '../validation/other-keys.ts';
import { layoutOf, plannedColumns, typeTexts } from '../validation/overlay/correction-texts.ts';
import { layOver, type Overlaid } from '../validation/overlay/lay-over.ts';
import { fetchLastYear, fetchPrevious } from '../validation/previous.ts';
import { fetchReferences, type ReferenceKeys } from '../validation/references/fetch-references.ts';
import { Lists } from '../validation/references/lists.ts';
import { Scratch } from '../validation/scratch.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** What the checks of corrected rows compare with, copied into a scratch folder. */
export interface Basis {
  readonly references: readonly ReferenceKeys[];
  readonly previous: PreviousPeriod | null;
  readonly lastYear: OtherPeriod | null;
  readonly others: OtherKeys;
}

export async function fetchBasis(
  session: Session,
  around: { readonly project: Project; readonly config: Config },
  dataset: Dataset,
  target: Target,
  folder: string,
): Promise<Basis> {
  const period = periodOf(target);
  const slice = parseSlice(target.slice);
  return {
    references: (await fetchReferences(new Lists(session, around), { dataset, period, slice }, folder)).keys,
    previous: await fetchPrevious(session, dataset, period, slice, folder),
    lastYear: await fetchLastYear(session, dataset, period, slice),
    others: await fetchOtherKeys(session, null, dataset, { period, slice }, folder),
  };
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
    const faults = await typeTexts(scratch, plan, dataset, corrections);
    for (const [n, { message }] of faults) throw refused(input, message, corrections[n]);
    // A plain name: DuckDB could read the project's own path as a pattern, which is not among the allowed files.
    const delivered = join(input.folder, 'delivered.parquet');
    symlinkSync(resolve(input.parquetPath), delivered);
    const overlaid = await layOver(scratch, plan, dataset, corrections, delivered);
    if (overlaid.rows === 0) return { ...overlaid, path: null };
    await check(scratch, input);
    const path = join(input.folder, 'corrected.parquet');
    const columns = plan.map((column) => `v${column.index} AS ${quoteName(column.name)}`);
    await scratch.run(
      `COPY (SELECT ${columns.join(', ')}, r AS "_source_row" FROM t ORDER BY rid) TO ${literal(path)}
       (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`,
    );
    return { ...overlaid, path };
  } finally {
    input.signal.removeEventListener('abort', stop);
    scratch.close();
  }
}

async function check(scratch: Scratch, input: ToCorrect): Promise<void> {
  const { dataset, target, basis, corrections } = input;
  const slice = parseSlice(target.slice);
  await scratch.run('CREATE VIEW d AS SELECT * FROM t');
  await scratch.run('CREATE VIEW s AS SELECT * FROM t');
  const read = await scratch.count('SELECT count(*) FROM d');
  const env: CheckEnv = {
    ...{ scratch, dataset, period: periodOf(target), slice, read, ...basis },
    ...{ scan: null, footerAt: null, kept: new Map() },
    layout: layoutOf([]),
    plan: plannedColumns(dataset, slice),
    faults: new Faults(scratch),
    tableFindings: [],
  };
  await env.faults.begin();
  await makeChecks(env, { read, sound: true });
  const rule = env.faults.broken().find(({ severity }) => severity === 'error');
  if (rule !== undefined) {
    const [at] = await scratch.rows<{ n: string }>(
      `SELECT max(n)::VARCHAR AS n FROM fixed JOIN faults USING (rid) WHERE rule = ${rule.id} HAVING max(n) IS NOT NULL`,
    );
    const rows = env.faults.count(rule);
    const message = `${rule.summary} (${counted(rows, 'row')})`;
    throw refused(input, message, corrections[Number(at?.n ?? corrections.length - 1)]);
  }
  const failed = env.tableFindings.find(({ severity }) => severity === 'error');
  if (failed !== undefined) throw refused(input, failed.message.replace(/\.$/, ''), corrections.at(-1));
}

function refused({ target }: ToCorrect, why: string, at: StandingCorrection | undefined): TidemarkError {
  const { dataset, period } = target;
  return new TidemarkError('correction-refused', {
    message: `${dataset} ${period} as corrected does not pass its checks: ${why.replace(/\.$/, '')}. Nothing was loaded.`,
    hint: `Take the correction back: tidemark correct --undo ${at?.correctionId}${whoAndWhyFlags()}`,
    where: { dataset, period },
  });
}

function periodOf(target: Target): Period {
  return parsePeriod(target.period) ?? NO_PERIOD;
}
