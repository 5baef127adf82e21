import { join } from 'node:path';
import type { Dataset } from '../domain/dataset.ts';
import { a1 } from '../domain/finding.ts';
import type { Limits } from '../domain/limits.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { openLanded } from '../gate/open-landed.ts';
import { openReply } from '../gate/reply/open-reply.ts';
import { readCorrections } from '../gate/reply/read-corrections.ts';
import { sha256Of } from '../lake/file-hash.ts';
import type { Project } from '../lake/project.ts';
import type { Delivery } from '../ledger/deliveries.ts';
import type { Source } from '../readers/reader.ts';

/** A cell of a landed file: where it is, and its raw text. */
export interface DeliveredCell {
  readonly address: string;
  readonly raw: string;
  /** The text of the original cell, and the reply that changed it last; null where no reply did. */
  readonly replaced: { readonly raw: string; readonly file_id: number; readonly path: string } | null;
}

/** The cells of one row by field; or a sentence that says why they cannot be shown. */
export type DeliveredRow =
  | { readonly cells: ReadonlyMap<string, DeliveredCell>; readonly why: null }
  | { readonly cells: null; readonly why: string };

/** Reads one row of a landed file, if the file still holds what was delivered. `chain` is what a reply corrects. */
export async function deliveredRow(
  around: { readonly project: Project; readonly limits: Limits },
  dataset: Dataset,
  delivery: Delivery,
  chain: readonly Delivery[],
  row: number,
): Promise<DeliveredRow> {
  const path = join(around.project.root, delivery.path);
  const sha256 = await sha256Of(path).catch(() => null);
  if (sha256 === null) return { cells: null, why: `${delivery.path} is gone or cannot be read.` };
  if (sha256 !== delivery.sha256) {
    return { cells: null, why: `${delivery.path} holds other bytes now than those that were delivered.` };
  }
  try {
    const source =
      delivery.replyTo === null
        ? await openLanded(path, dataset, around.limits)
        : await openReply(around.project, chain, path, dataset, around.limits);
    const found = await cellsOf(source, delivery, row).finally(() => source.close());
    const [original, ...replies] = chain;
    if (found.cells === null || original === undefined) return found;
    return withReplaced(around, dataset, { original, replies: [...replies, delivery] }, row, found.cells);
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return { cells: null, why: error.message };
  }
}

/** For cells that replies changed: the text in the original. */
async function withReplaced(
  around: { readonly project: Project; readonly limits: Limits },
  dataset: Dataset,
  of: { readonly original: Delivery; readonly replies: readonly Delivery[] },
  row: number,
  cells: ReadonlyMap<string, DeliveredCell>,
): Promise<DeliveredRow> {
  const at = ({ path }: Delivery) => join(around.project.root, path);
  const changedBy = new Map<number, Delivery>();
  for (const reply of of.replies) {
    const corrections = await readCorrections(at(reply), around.limits);
    for (const column of corrections.cells.get(row)?.keys() ?? []) changedBy.set(column, reply);
  }
  const source = await openLanded(at(of.original), dataset, around.limits);
  const newest = of.replies.at(-1) as Delivery;
  const before = await cellsOf(source, newest, row).finally(() => source.close());
  if (before.cells === null) return before;
  const columns = new Map(mappingOf(newest).map(({ column, field }) => [field, column]));
  const told = [...cells].map(([field, cell]) => {
    const reply = changedBy.get(columns.get(field) ?? -1);
    if (reply === undefined) return [field, cell] as const;
    const raw = before.cells.get(field)?.raw ?? '';
    return [field, { ...cell, replaced: { raw, file_id: reply.fileId, path: reply.path } }] as const;
  });
  return { cells: new Map(told), why: null };
}

function mappingOf(
  delivery: Delivery,
): readonly { readonly column: number; readonly field: string | null }[] {
  return JSON.parse(delivery.headersMapped ?? '[]');
}

async function cellsOf(source: Source, delivery: Delivery, wanted: number): Promise<DeliveredRow> {
  const sheets = await source.sheets();
  const sheet = sheets.find(({ name }) => name === delivery.sheet) ?? sheets[0];
  if (sheet === undefined) return { cells: null, why: `${delivery.path} has no table.` };
  const mapping = mappingOf(delivery);
  for await (const { row, cells } of source.rows(sheet)) {
    if (row > wanted) break;
    if (row !== wanted) continue;
    const found = mapping.flatMap(({ column, field }) => {
      const address = source.format === 'xlsx' ? a1(column, row) : `${row}:${column + 1}`;
      return field === null
        ? []
        : [[field, { address, raw: cells[column]?.text ?? '', replaced: null }] as const];
    });
    return { cells: new Map(found), why: null };
  }
  return { cells: null, why: `${delivery.path} has no row ${wanted}.` };
}
