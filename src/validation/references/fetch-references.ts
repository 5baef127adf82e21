import { existsSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import type { Dataset } from '../../domain/dataset.ts';
import { blank, command, words } from '../../errors/advice.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { Project } from '../../lake/project.ts';
import { ident, join, literal, quoteName, type Sql, sql } from '../../sql/sql.ts';
import { withMemory } from '../../warehouse/parquet/in-memory.ts';
import { parquetLiteral } from '../../warehouse/parquet/select.ts';
import { rowOfSlice } from '../../warehouse/slice-rows.ts';
import type { Session } from '../../warehouse/warehouse.ts';
import { writeCorrectedKeys } from '../overlay/corrected-keys.ts';
import { heldKeys } from './held-keys.ts';
import type { Lists } from './lists.ts';
import { basisText, type ReferenceSource } from './reference-basis.ts';
import {
  type ListPart,
  type ListSource,
  type Reference,
  type Referring,
  referencesOf,
  sourceOf,
} from './reference-lists.ts';
import { neverDelivered, refuseUnsettled } from './unsettled.ts';
import { validInCore } from './valid-in-core.ts';

/** The keys in which a foreign key is looked up, as a Parquet file with columns k0 …. */
export interface ReferenceKeys {
  readonly dataset: string;
  /** `own`: in the delivery itself, so that there is no file; with `core` the keys are not of one period. */
  readonly from: 'own' | 'list' | 'core';
  readonly period: string | null;
  readonly path: string;
  readonly pii: boolean;
}

export interface FetchedReferences {
  /** In the order of `dataset.foreignKeys`. */
  readonly keys: readonly ReferenceKeys[];
  /** The deliveries from which they come; null where only the delivery itself is read. See `basisText`. */
  readonly basis: string | null;
}

/**
 * Copies the keys of every dataset that is referred to into the scratch folder. They come from its current delivery of
 * the same or containing period as it is corrected: from stage or, where it is not loaded yet, from its cleaned Parquet; else from what
 * stage or core has. Keys that the period had before are also valid (`heldKeys`). Throws `reference-not-loaded` where
 * there are none.
 */
export async function fetchReferences(
  lists: Lists,
  referring: Referring,
  scratch: string,
): Promise<FetchedReferences> {
  const { dataset, period } = referring;
  const references = new Map(referencesOf(lists.config, referring).map((one) => [one.key, one]));
  const keys: ReferenceKeys[] = [];
  const sources: ReferenceSource[] = [];
  for (const [i, key] of dataset.foreignKeys.entries()) {
    const reference = references.get(key);
    const pii = isPersonal(dataset, key.fields);
    if (reference === undefined) {
      keys.push({ dataset: key.dataset, from: 'own', period: period.text, path: '', pii });
      continue;
    }
    const source = await sourceOf(lists, reference);
    if (source === null) throw neverDelivered(reference);
    sources.push({ reference, source });
    const path = joinPath(scratch, `keys-${i}.parquet`);
    await gather(lists, reference, source, path);
    keys.push({
      dataset: key.dataset,
      from: source.from === 'core' ? 'core' : 'list',
      period: source.from === 'core' ? null : (reference.listPeriod?.text ?? null),
      path,
      pii: pii || isPersonal(reference.list, key.referenceFields),
    });
  }
  return { keys, basis: basisText(sources) };
}

/** The same, if the keys are those of the newest delivery of every list; else throws as `refuseUnsettled` does. */
export async function fetchSettled(
  lists: Lists,
  referring: Referring,
  scratch: string,
): Promise<FetchedReferences> {
  await refuseUnsettled(lists, referencesOf(lists.config, referring));
  return fetchReferences(lists, referring, scratch);
}

function isPersonal(dataset: Dataset, names: readonly string[]): boolean {
  return names.some((name) => dataset.fields.find((field) => field.name === name)?.pii ?? false);
}

/** Writes the keys of one list into one file, wherever its parts are. */
async function gather(
  { session, project }: Lists,
  reference: Reference,
  source: ListSource,
  path: string,
): Promise<void> {
  const queries = await keysInWarehouse(session, reference, source);
  const waiting = source.from === 'deliveries' ? source.parts.filter(({ load }) => load === null) : [];
  const [only] = queries;
  if (only !== undefined && queries.length === 1 && waiting.length === 0) {
    await session.exportParquet(only, path);
    return;
  }
  const pieces: string[] = [];
  for (const query of queries) {
    const piece = `${path}.${pieces.length}`;
    await session.exportParquet(query, piece);
    pieces.push(`SELECT * FROM read_parquet(${parquetLiteral(piece)})`);
  }
  for (const part of waiting) pieces.push(await keysInCleaned(project, reference, part, `${path}.parts`));
  const all = `SELECT DISTINCT * FROM (${pieces.join(' UNION ALL ')})`;
  await withMemory(undefined, async (connection) => {
    await connection.run(`COPY (${all}) TO ${literal(path)} (FORMAT parquet)`).catch((cause: Error) => {
      throw unreadable(reference, waiting[0]?.delivery, cause.message.split('\n')[0] ?? '', cause);
    });
  });
}

async function keysInWarehouse(session: Session, reference: Reference, source: ListSource): Promise<Sql[]> {
  const { key, list, listPeriod, part } = reference;
  const values = key.referenceFields.map((name, n) => sql`${ident(name)} AS ${ident(`k${n}`)}`);
  if (source.from === 'core') {
    const columns = (await session.columns({ schema: 'core', name: list.core.table })) ?? [];
    const open = validInCore(columns, reference);
    return [
      sql`SELECT DISTINCT ${join(values)} FROM ${ident('core', list.core.table)}
          WHERE ${open} AND ${rowOfSlice([...part], { dataset: list, columns })}`,
    ];
  }
  const loads = source.from === 'stage' ? source.loads : source.parts.flatMap(({ load }) => load ?? []);
  const held = await heldKeys(session, reference);
  const queries = held === null ? [] : [held];
  if (loads.length === 0) return queries;
  const slices = loads.map(({ slice }) => sql`(${rowOfSlice(slice, { dataset: list })})`);
  const staged = sql`SELECT DISTINCT ${join(values)} FROM ${ident('stage', list.name)}
    WHERE _data_period = ${listPeriod?.text ?? null} AND (${join(slices, ' OR ')})`;
  return [staged, ...queries];
}

async function keysInCleaned(
  project: Project,
  reference: Reference,
  { slice, delivery, corrections }: ListPart,
  folder: string,
): Promise<string> {
  const { list, listPeriod, key } = reference;
  const path = joinPath(project.root, delivery.parquetPath);
  if (!existsSync(path)) throw unreadable(reference, delivery, 'the file is gone');
  if (corrections.length > 0) {
    const about = { dataset: list, period: listPeriod?.text ?? '', slice, parquetPath: path, corrections };
    const own = joinPath(folder, String(delivery.fileId));
    const corrected = await writeCorrectedKeys(about, key.referenceFields, own);
    return `SELECT * FROM read_parquet(${parquetLiteral(corrected)})`;
  }
  const values = key.referenceFields.map((name, n) => `${quoteName(name)} AS k${n}`);
  return `SELECT ${values.join(', ')} FROM read_parquet(${parquetLiteral(path)}, hive_partitioning = false)`;
}

function unreadable(
  { dataset, period, list }: Reference,
  delivery: ListPart['delivery'] | undefined,
  why: string,
  cause?: unknown,
): TidemarkError {
  return new TidemarkError('parquet-mismatch', {
    message: `${dataset.title} refers to the list '${list.name}', and ${delivery?.parquetPath ?? 'its rows'} cannot be read: ${why}.`,
    hint: words`Run: ${command('validate', { fileId: delivery?.fileId ?? blank('N') })}`,
    where: { dataset: dataset.name, period: period.text },
    cause,
  });
}
