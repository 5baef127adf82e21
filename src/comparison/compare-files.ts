import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '../domain/dataset.ts';
import { command, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { sha256Of } from '../lake/file-hash.ts';
import type { Project } from '../lake/project.ts';
import { type Delivery, deliveryById } from '../ledger/deliveries.ts';
import { latestPassedValidation, latestValidation, type Validation } from '../ledger/validations.ts';
import { PLACE } from '../promotion/change/delta.ts';
import { SessionTables } from '../promotion/session-tables.ts';
import { raw } from '../sql/sql.ts';
import { openWarehouse } from '../warehouse/open-warehouse.ts';
import { inspectParquet } from '../warehouse/parquet/inspect.ts';
import { selectFromParquet } from '../warehouse/parquet/select.ts';
import { rehearseTransaction } from '../warehouse/rehearse-transaction.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { compareSides, rowKey, type Side } from './compare-sides.ts';
import type { Comparison } from './comparison.ts';
import type { Wanted } from './summarise.ts';

/** A delivery that passed, and its cleaned file. */
export interface CleanedDelivery {
  readonly delivery: Delivery;
  readonly validation: Validation;
  readonly path: string;
}

/** The cleaned file of a delivery, from its newest validation that passed; an error where there is none. */
export async function cleanedDelivery(
  session: Session,
  project: Project,
  fileId: number,
): Promise<CleanedDelivery> {
  const delivery = await deliveryById(session, fileId);
  if (delivery === null || delivery.dataset === null) {
    throw new TidemarkError('unknown-delivery', { message: `There is no delivery ${fileId} of a dataset.` });
  }
  // A duplicate was not validated itself; the delivery that it repeats was.
  const meant = delivery.status === 'duplicate' ? (delivery.duplicateOf ?? fileId) : fileId;
  const validation = await latestPassedValidation(session, meant);
  const where = { dataset: delivery.dataset, period: delivery.period ?? '', file: delivery.path };
  if (validation === null || validation.parquetPath === null) {
    const refused =
      delivery.status === 'refused' || (await latestValidation(session, meant))?.status === 'refused';
    throw refused
      ? new TidemarkError('file-refused', {
          message: `Delivery ${fileId} (${delivery.path}) was refused, so it has no cleaned rows to compare.`,
          where,
        })
      : new TidemarkError('not-validated', {
          message: `Delivery ${fileId} (${delivery.path}) has not been validated yet.`,
          hint: words`Run: ${command('validate', { fileId: meant })}`,
          where,
        });
  }
  return { delivery, validation, path: join(project.root, validation.parquetPath) };
}

/**
 * Compares two deliveries of a dataset, from their cleaned files. The embedded engine does it outside the warehouse, so
 * that the answer is the same for both engines, and the warehouse is neither locked nor filled.
 */
export async function compareFiles(
  of: { readonly dataset: Dataset; readonly from: CleanedDelivery; readonly to: CleanedDelivery },
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Comparison> {
  const { dataset } = of;
  const named = new Set([...dataset.fields.map((field) => field.name), PLACE.name]);
  const key = rowKey(dataset).filter((name) => named.has(name));
  const before = await sideOf(of.from, key, signal);
  const after = await sideOf(of.to, key, signal);
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-diff-'));
  const scratch = openWarehouse(`duckdb:${join(folder, 'scratch.duckdb')}`, {
    projectRoot: folder,
    lockTimeoutMs: 1000,
    signal,
  });
  try {
    return await rehearseTransaction(scratch, (session) =>
      compareSides(
        session,
        new SessionTables(session),
        {
          dataset,
          key,
          periods: [of.from.delivery.period ?? '', of.to.delivery.period ?? ''],
          before,
          after,
          about: {
            kind: 'files',
            period: of.to.delivery.period,
            slice: of.to.delivery.slice,
            file_id: of.to.delivery.fileId,
          },
          identity: {
            kind: 'files',
            dataset: dataset.name,
            content: [of.from.validation.parquetSha256, of.to.validation.parquetSha256],
          },
        },
        wanted,
      ),
    );
  } finally {
    await scratch.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function sideOf(
  { delivery, validation, path }: CleanedDelivery,
  key: readonly string[],
  signal: AbortSignal,
): Promise<Side> {
  if (!existsSync(path) || (await sha256Of(path)) !== validation.parquetSha256) {
    throw new TidemarkError('parquet-mismatch', {
      message: `The cleaned file of delivery ${delivery.fileId} (${validation.parquetPath}) is gone or not the one that was validated.`,
      hint: words`Run: ${command('validate', { fileId: delivery.fileId })}`,
      where: { dataset: validation.dataset, period: validation.period, file: validation.parquetPath ?? '' },
    });
  }
  const { columns } = await inspectParquet(path, signal);
  const names = columns.map(({ name }) => ({ name, from: 'parquet' }) as const);
  return {
    label: `delivery ${delivery.fileId} (${delivery.path})`,
    rows: raw(`(${selectFromParquet(path, names)})`),
    columns: columns
      .filter(({ name }) => !name.startsWith('_') || key.includes(name))
      .map(({ name, type }) => ({ name, type, nullable: true })),
  };
}
