import { existsSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import type { Check, CheckOf } from '../domain/check.ts';
import type { Dataset } from '../domain/dataset.ts';
import type { Period } from '../domain/period.ts';
import { parseSlice, type Slice, sliceText } from '../domain/slice.ts';
import type { Project } from '../lake/project.ts';
import { type CurrentFile, waitingFiles } from '../ledger/current-delivery.ts';
import { ident, join, literal, quoteName, type Sql, sql } from '../sql/sql.ts';
import { withMemory } from '../warehouse/parquet/in-memory.ts';
import { parquetLiteral } from '../warehouse/parquet/select.ts';
import { rowOfSlice, stageRowOf } from '../warehouse/slice-rows.ts';
import type { Session } from '../warehouse/warehouse.ts';

/**
 * The keys with which a check across deliveries compares: Parquet files of the keys k0 … and their places, w. A check
 * without other keys is left out.
 */
export type OtherKeys = ReadonlyMap<Check, readonly string[]>;

/**
 * Copies the keys of the dataset's other periods and slices into the scratch folder, for every check `unique` that
 * compares across deliveries: those loaded in stage, and those of deliveries that passed and wait to be loaded, because
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
  const across = dataset.checks.filter(
    (check): check is CheckOf<'unique'> => check.kind === 'unique' && check.across !== 'file',
  );
  if (across.length === 0) return out;
  const columns = await session.columns({ schema: 'stage', name: dataset.name });
  const known = new Set(columns?.map((column) => column.name));
  const waiting = project === null ? [] : await filesToCome(session, project, dataset);
  for (const [i, check] of across.entries()) {
    const paths: string[] = [];
    if (check.fields.every((name) => known.has(name))) {
      paths.push(joinPath(scratch, `others-${i}.parquet`));
      await session.exportParquet(stagedKeys(dataset, check, own, waiting), paths[0] as string);
    }
    const unloaded = waiting.filter((file) => isOther(check, own, file));
    if (unloaded.length > 0) {
      const path = joinPath(scratch, `waiting-${i}.parquet`);
      await writeKeys(check, unloaded, path);
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

type Own = Parameters<typeof fetchOtherKeys>[3];

function stagedKeys(
  dataset: Dataset,
  check: CheckOf<'unique'>,
  own: Own,
  waiting: readonly CurrentFile[],
): Sql {
  const keys = check.fields.map((name, n) => sql`${ident(name)} AS ${ident(`k${n}`)}`);
  const filled = check.fields.map((name) => sql`${ident(name)} IS NOT NULL`);
  // Rows that will be replaced no longer count.
  const replaced = waiting.map((target) => sql`NOT (${stageRowOf(dataset, target)})`);
  const where = [...filled, elsewhere(dataset, check, own), ...replaced];
  return sql`SELECT ${join(keys)}, ${placeOf(check, own.slice)} AS w FROM ${ident('stage', dataset.name)}
    WHERE ${join(where, ' AND ')}`;
}

/** Rows of other deliveries, within the range of the check. */
function elsewhere(dataset: Dataset, { across }: CheckOf<'unique'>, { period, slice }: Own): Sql {
  const ownPeriod = sql`_data_period = ${period.text}`;
  const ownSlice = rowOfSlice(slice, { dataset });
  if (across === 'slices') return sql`${ownPeriod} AND NOT (${ownSlice})`;
  if (across === 'periods') return sql`NOT (${ownPeriod}) AND ${ownSlice}`;
  return sql`NOT (${stageRowOf(dataset, { period: period.text, slice })})`;
}

/** The same for a file that waits to be loaded. */
function isOther({ across }: CheckOf<'unique'>, own: Own, file: CurrentFile): boolean {
  const samePeriod = file.period === own.period.text;
  const sameSlice = file.slice === sliceText(own.slice);
  if (across === 'slices') return samePeriod && !sameSlice;
  if (across === 'periods') return !samePeriod && sameSlice;
  return !(samePeriod && sameSlice);
}

/** The place of a row as people say it: 2025-05, or AQA gcse, or both. */
function placeOf({ across }: CheckOf<'unique'>, slice: Slice): Sql {
  const period = sql`CAST(_data_period AS VARCHAR)`;
  const names = slice.map(([name]) => sql`CAST(${ident(name)} AS VARCHAR)`);
  const parts = across === 'periods' ? [period] : across === 'slices' ? names : [period, ...names];
  return join(parts, " || ' ' || ");
}

async function writeKeys(
  { across, fields }: CheckOf<'unique'>,
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
