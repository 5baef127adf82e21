import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Dataset } from '../domain/dataset.ts';
import { parseSlice } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import { option, type Words, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { CellCorrection, StandingCorrection } from '../ledger/corrections.ts';
import { plannedColumns, typeTexts } from '../validation/overlay/correction-texts.ts';
import { layOver, type Outcome } from '../validation/overlay/lay-over.ts';
import { Scratch } from '../validation/scratch.ts';
import { shownCorrection } from './shown-correction.ts';

export interface ToTry {
  readonly dataset: Dataset;
  readonly target: Target;
  readonly standing: readonly StandingCorrection[];
  readonly cell: CellCorrection;
  readonly parquetPath: string;
  /** An existing folder of the caller, who removes it. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/**
 * Applies a new correction to the delivered rows, after the valid ones. Throws `correction-refused` where its field
 * does not accept the text, or its row is missing or holds another value than expected.
 */
export async function tryCorrection(input: ToTry): Promise<'fits' | 'no-change'> {
  const { dataset, standing, cell } = input;
  const all: CellCorrection[] = [...standing, cell];
  const plan = plannedColumns(dataset, parseSlice(input.target.slice));
  const scratch = await Scratch.open(input.folder, { reads: [input.parquetPath], width: plan.length });
  const stop = () => scratch.interrupt();
  input.signal.addEventListener('abort', stop);
  try {
    const texts = await typeTexts(scratch, plan, dataset, all);
    const fault = texts.faults.get(standing.length);
    if (fault !== undefined) throw refused(input, fault.message, fault.fix);
    const delivered = join(input.folder, 'delivered.parquet');
    symlinkSync(resolve(input.parquetPath), delivered);
    const { outcomes } = await layOver(scratch, { plan, dataset, corrections: all, texts }, delivered);
    refuseMiss(input, outcomes.at(-1) as Outcome);
    const column = plan.find(({ name }) => name === cell.field)?.index;
    const differs = await scratch.count(
      `SELECT count(*) FROM ${texts.relation} WHERE n = ${standing.length} AND v${column} IS DISTINCT FROM w${column}`,
    );
    return differs > 0 ? 'fits' : 'no-change';
  } finally {
    input.signal.removeEventListener('abort', stop);
    scratch.close();
  }
}

function refuseMiss(input: ToTry, outcome: Outcome): void {
  if (outcome.is === 'applied') return;
  const { dataset, cell } = input;
  const key = Object.entries(shownCorrection(dataset, cell).key)
    .map(([name, text]) => `${name}=${text}`)
    .join(', ');
  if (outcome.is === 'no-such-row')
    throw refused(
      input,
      `The current delivery has no row with ${key}.`,
      'Check the key; the row may have been rejected.',
    );
  const held = shownCorrection(dataset, { ...cell, value: outcome.held });
  const quoted = (text: string | null) => (text === null ? 'blank' : `'${text}'`);
  throw refused(
    input,
    `${cell.field} of ${key} is ${quoted(held.value)}, not ${quoted(held.expected)}.`,
    words`Look at the row again; give ${option('expect')} as it is now, if it still has to be corrected.`,
  );
}

function refused({ target }: ToTry, message: string, hint: Words | null): TidemarkError {
  return new TidemarkError('correction-refused', {
    message: `${message} Nothing was logged.`,
    ...(hint === null ? {} : { hint }),
    where: { dataset: target.dataset, period: target.period },
  });
}
