import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Dataset } from '../../domain/dataset.ts';
import { parseSlice } from '../../domain/slice.ts';
import { decidedBy } from '../../domain/who-and-why.ts';
import { command, words } from '../../errors/advice.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { StandingCorrection } from '../../ledger/corrections.ts';
import { literal } from '../../sql/sql.ts';
import { Scratch } from '../scratch.ts';
import { plannedColumns, typeTexts } from './correction-texts.ts';
import { layOver } from './lay-over.ts';

/** A delivery over whose rows no load has laid its corrections yet. */
export interface ToCorrect {
  readonly dataset: Dataset;
  readonly period: string;
  readonly slice: string;
  readonly parquetPath: string;
  readonly corrections: readonly StandingCorrection[];
}

/**
 * Writes the keys of a delivery, as its corrections leave them, into a Parquet file in `folder`, with columns k0 …, and
 * answers its path. A correction that its field does not take is `correction-refused`, as it is for the load.
 */
export async function writeCorrectedKeys(
  { dataset, period, slice, parquetPath, corrections }: ToCorrect,
  fields: readonly string[],
  folder: string,
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const plan = plannedColumns(dataset, parseSlice(slice));
  const scratch = await Scratch.open(folder, { reads: [parquetPath], width: plan.length });
  try {
    const texts = await typeTexts(scratch, plan, dataset, corrections);
    for (const [n, { message }] of texts.faults) {
      throw new TidemarkError('correction-refused', {
        message: `Correction ${corrections[n]?.correctionId} of the list '${dataset.name}' does not fit its rules: ${message} No row was checked.`,
        hint: words`Take the correction back: ${command('correct', { undo: corrections[n]?.correctionId, ...decidedBy() })}`,
        where: { dataset: dataset.name, period },
      });
    }
    const delivered = join(folder, 'delivered.parquet');
    symlinkSync(resolve(parquetPath), delivered);
    const { relation } = await layOver(scratch, { plan, dataset, corrections, texts }, delivered);
    const keys = fields.map((name, n) => `v${plan.findIndex((one) => one.name === name)} AS k${n}`);
    const written = join(folder, 'keys.parquet');
    await scratch.run(
      `COPY (SELECT ${keys.join(', ')} FROM ${relation}) TO ${literal(written)} (FORMAT parquet)`,
    );
    return written;
  } finally {
    scratch.close();
  }
}
