import { existsSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import type { Needs, OtherKeys } from '../../checks/basis.ts';
import { moduleOf } from '../../checks/registry.ts';
import type { Check } from '../../domain/check.ts';
import type { Dataset } from '../../domain/dataset.ts';
import type { Period } from '../../domain/period.ts';
import { parseSlice, type Slice, sliceText } from '../../domain/slice.ts';
import type { Project } from '../../lake/project.ts';
import { type CurrentFile, waitingFiles } from '../../ledger/current-delivery.ts';
import { ident, join, literal, quoteName, type Sql, sql } from '../../sql/sql.ts';
import { withMemory } from '../../warehouse/parquet/in-memory.ts';
import { parquetLiteral } from '../../warehouse/parquet/select.ts';
import { rowOfSlice, stageRowOf } from '../../warehouse/slice-rows.ts';
import type { Session } from '../../warehouse/warehouse.ts';

/**
 * Copies the keys of the dataset's other periods and slices into the scratch folder, for every check that
 * compares with them: those loaded in stage, and those of deliveries that passed and wait to be loaded, because
 * two files of one call are both checked before either is loaded. Without a project it reads stage only.
 */
export async function fetchOtherKeys(
  session: Session,
  project: Project | null,
  dataset: Dataset,
  own: { readonly period: Period; readonly slice: Slice },
  scratch: string,
): Promise<OtherKeys> {
  const out = new Map<Check, string[]>();
  const across = dataset.checks.flatMap((check) => {
    const { otherKeys } = moduleOf(check).needs(check);
    return otherKeys === undefined ? [] : [{ check, needed: otherKeys }];
  });
  if (across.length === 0) return out;
  const columns = await session.columns({ schema: 'stage', name: dataset.name });
  const known = new Set(columns?.map((column) => column.name));
  const waiting = project === null ? [] : await filesToCome(session, project, dataset);
  for (const [i, { check, needed }] of across.entries()) {
    const paths: string[] = [];
    if (needed.fields.every((name) => known.has(name))) {
      paths.push(joinPath(scratch, `others-${i}.parquet`));
      await session.exportParquet(stagedKeys(dataset, needed, own, waiting), paths[0] as string);
    }
    const unloaded = waiting.filter((file) => isOther(needed, own, file));
    if (unloaded.length > 0) {
      const path = joinPath(scratch, `waiting-${i}.parquet`);
      await writeKeys(needed, unloaded, path);
      paths.push(path);
    }
    if (paths.length > 0) out.set(check, paths);
  }
  return out;
}

/** With absolute paths. */
async function filesToCome(session: Session, { root }: Project, dataset: Dataset): Promise<CurrentFile[]> {
  const files = await waitingFiles(session, dataset.name);
  return files
    .map((file) => ({ ...file, path: joinPath(root, file.path) }))
    .filter(({ path }) => existsSync(path));
}

type OtherKeysNeeded = NonNullable<Needs['otherKeys']>;
type Own = Parameters<typeof fetchOtherKeys>[3];

function stagedKeys(
  dataset: Dataset,
  needed: OtherKeysNeeded,
  own: Own,
  waiting: readonly CurrentFile[],
): Sql {
  const keys = needed.fields.map((name, n) => sql`${ident(name)} AS ${ident(`k${n}`)}`);
  const filled = needed.fields.map((name) => sql`${ident(name)} IS NOT NULL`);
  // Rows that will be replaced no longer count.
  const replaced = waiting.map((target) => sql`NOT (${stageRowOf(dataset, target)})`);
  const where = [...filled, elsewhere(dataset, needed, own), ...replaced];
  return sql`SELECT ${join(keys)}, ${placeOf(needed, own.slice)} AS w FROM ${ident('stage', dataset.name)}
    WHERE ${join(where, ' AND ')}`;
}

/** Rows of other deliveries, within the range of the check. */
function elsewhere(dataset: Dataset, { across }: OtherKeysNeeded, { period, slice }: Own): Sql {
  const ownPeriod = sql`_data_period = ${period.text}`;
  const ownSlice = rowOfSlice(slice, { dataset });
  if (across === 'slices') return sql`${ownPeriod} AND NOT (${ownSlice})`;
  if (across === 'periods') return sql`NOT (${ownPeriod}) AND ${ownSlice}`;
  return sql`NOT (${stageRowOf(dataset, { period: period.text, slice })})`;
}

/** The same for a file that waits to be loaded. */
function isOther({ across }: OtherKeysNeeded, own: Own, file: CurrentFile): boolean {
  const samePeriod = file.period === own.period.text;
  const sameSlice = file.slice === sliceText(own.slice);
  if (across === 'slices') return samePeriod && !sameSlice;
  if (across === 'periods') return !samePeriod && sameSlice;
  return !(samePeriod && sameSlice);
}

/** The place of a row as people say it: 2025-05, or AQA gcse, or both. */
function placeOf({ across }: OtherKeysNeeded, slice: Slice): Sql {
  const period = sql`CAST(_data_period AS VARCHAR)`;
  const names = slice.map(([name]) => sql`CAST(${ident(name)} AS VARCHAR)`);
  const parts = across === 'periods' ? [period] : across === 'slices' ? names : [period, ...names];
  return join(parts, " || ' ' || ");
}

async function writeKeys(
  { across, fields }: OtherKeysNeeded,
  files: readonly CurrentFile[],
  path: string,
): Promise<void> {
  const keys = fields.map((name, n) => `${quoteName(name)}::VARCHAR AS k${n}`);
  const selects = files.map((file) => {
    const values = parseSlice(file.slice).map(([, value]) => value);
    const parts =
      across === 'periods' ? [file.period] : across === 'slices' ? values : [file.period, ...values];
    return `SELECT ${keys.join(', ')}, ${literal(parts.join(' '))} AS w
      FROM read_parquet(${parquetLiteral(file.path)}, hive_partitioning = false)`;
  });
  await withMemory(undefined, async (connection) => {
    await connection.run(`COPY (${selects.join(' UNION ALL ')}) TO ${literal(path)} (FORMAT parquet)`);
  });
}
