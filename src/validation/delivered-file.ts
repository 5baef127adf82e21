import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { type Dataset, fileSource } from '../domain/dataset.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { locateTable } from '../gate/locate-table.ts';
import { openLanded } from '../gate/open-landed.ts';
import { chainOf, openReply } from '../gate/reply/open-reply.ts';
import { sha256Of } from '../lake/file-hash.ts';
import type { Project } from '../lake/project.ts';
import type { Delivery } from '../ledger/deliveries.ts';
import type { Extract, Source } from '../readers/reader.ts';
import type { Session, Warehouse } from '../warehouse/warehouse.ts';
import type { RawRows } from './check-source.ts';
import type { Layout } from './layout.ts';

interface Around {
  readonly project: Project;
  readonly config: Config;
  readonly warehouse: Warehouse;
}

/** The file of a delivery, as it was ingested and not changed since. */
export interface DeliveredFile {
  readonly path: string;
  /** SHA-256 of its bytes; rejects with `changed-since-ingest` where it is not the file that was ingested. */
  readonly sha256: Promise<string>;
}

/**
 * Works with the file of a delivery while it is hashed. Throws `changed-since-ingest` where it is another file, or
 * becomes one meanwhile; this explains every other error.
 */
export async function withUnchangedFile<T>(
  { project }: Around,
  delivery: Delivery,
  work: (file: DeliveredFile) => Promise<T>,
): Promise<T> {
  const path = join(project.root, delivery.path);
  const before = statSync(path, { throwIfNoEntry: false });
  const sha256 = refuseChanged(path, delivery);
  sha256.catch(() => {});
  try {
    const answer = await work({ path, sha256 });
    refuseTouched(path, before, delivery);
    return answer;
  } finally {
    await sha256;
  }
}

/** Its rows as its reader extracts them into `folder`; what is read later is read inside of `work`. */
export async function withExtractedRows<T>(
  around: Around,
  dataset: Dataset,
  delivery: Delivery,
  { path, folder }: { readonly path: string; readonly folder: string },
  work: (rows: Omit<RawRows, 'slice'> & { readonly extract: Extract }) => Promise<T>,
): Promise<T> {
  const source = await openDelivery(around, dataset, delivery, path);
  try {
    const located = await locateTable(source, dataset, delivery.path);
    if (located.message !== null || located.sheet === null || located.headerRow === null) {
      throw new TidemarkError('file-refused', {
        message: located.message ?? 'The file has no table.',
        hint: 'The configuration changed since the file was ingested: fix the file or the configuration.',
      });
    }
    const { sheet, headerRow, width } = located;
    const { merged } = fileSource(dataset);
    const extract = await source.extract({ sheet, headerRow, width, scratch: folder, merged });
    // Extracted completely; the text forms may read the file again.
    if (extract.form === 'canonical') await source.close();
    const layout: Layout = {
      format: source.format,
      file: delivery.path,
      sheet: sheet.name,
      headers: located.headersFound,
      headerTexts: located.headerTexts,
      mapping: located.mapping,
    };
    return await work({ door: 'raw', layout, extract, headerFindings: located.findings });
  } finally {
    await source.close();
  }
}

/** The file that was sent first: for a reply, that of its original, beside which a control file is. */
export async function sentFirst(session: Session, delivery: Delivery): Promise<string> {
  if (delivery.replyTo === null) return delivery.path;
  const [original] = await chainOf(session, delivery.replyTo);
  return original?.path ?? delivery.path;
}

/** A reply is read as its original with the filled-in cells in place. */
async function openDelivery(
  { project, config, warehouse }: Around,
  dataset: Dataset,
  { replyTo }: Delivery,
  path: string,
): Promise<Source> {
  if (replyTo === null) return openLanded(path, dataset, config.limits);
  const chain = await warehouse.read((session) => chainOf(session, replyTo));
  return openReply(project, chain, path, dataset, config.limits);
}

async function refuseChanged(path: string, delivery: Delivery): Promise<string> {
  const where = { file: delivery.path };
  const hint = 'Run `tidemark ingest` again, then validate.';
  const sha256 = await sha256Of(path).catch((cause) => {
    throw new TidemarkError('changed-since-ingest', {
      message: `${delivery.path} is gone or cannot be read.`,
      hint,
      where,
      cause,
    });
  });
  if (sha256 !== delivery.sha256) {
    throw new TidemarkError('changed-since-ingest', {
      message: `${delivery.path} has changed since it was ingested as delivery ${delivery.fileId}.`,
      hint,
      where,
    });
  }
  return sha256;
}

/** The bytes were hashed before they were read: they must not have changed in between. */
function refuseTouched(path: string, before: Stats | undefined, delivery: Delivery): void {
  const after = statSync(path, { throwIfNoEntry: false });
  if (before && after && before.size === after.size && before.mtimeMs === after.mtimeMs) return;
  throw new TidemarkError('changed-since-ingest', {
    message: `${delivery.path} changed while it was read.`,
    hint: 'Run `tidemark ingest` again, then validate.',
    where: { file: delivery.path },
  });
}
