import type { Dataset } from '../domain/dataset.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import { parseSlice } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import { decidedBy } from '../domain/who-and-why.ts';
import { blank, command, option, type Words, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { CellCorrection } from '../ledger/corrections.ts';

/** A correction as a person gives it, in texts as in the file. */
export interface WrittenCorrection {
  /** By the names of the key's fields; a field that is a part of the slice may be left out. */
  readonly key: ReadonlyMap<string, string>;
  readonly field: string;
  /** Null: blank. */
  readonly value: string | null;
  /** The delivered value; null: blank. */
  readonly expected: string | null;
}

/** Turns what a person gave into a cell of the overlay; no field of the dataset or no whole key is a usage error. */
export function resolveCorrection(
  dataset: Dataset,
  target: Target,
  written: WrittenCorrection,
): CellCorrection {
  if (dataset.primaryKey.length === 0) {
    throw new TidemarkError('usage', {
      message: `${dataset.name} has no primaryKey, so no row of it can be named for a correction.`,
      hint: 'Give it schema.primaryKey in datasets_config.yml, or deliver the file again.',
    });
  }
  const { field, value, expected } = written;
  refuseField(dataset, field);
  return { key: keyOf(dataset, target, written.key), field, value, expected };
}

function refuseField(dataset: Dataset, name: string): void {
  const names = dataset.fields.map((field) => field.name);
  if (dataset.primaryKey.includes(name) || dataset.sliceNames.includes(name)) {
    const what = dataset.primaryKey.includes(name) ? 'part of the key' : 'a slice';
    throw new TidemarkError('usage', {
      message: `${name} is ${what}; a correction cannot change which row or part it is.`,
      hint: 'Deliver the file again, corrected.',
    });
  }
  if (names.includes(name)) return;
  const meant = didYouMean(name, names);
  throw correctionUsage(
    `${dataset.name} has no field ${name}${meant === null ? '' : `; did you mean ${meant}?`}`,
    dataset,
  );
}

function keyOf(
  dataset: Dataset,
  target: Target,
  written: ReadonlyMap<string, string>,
): Record<string, string> {
  const { primaryKey } = dataset;
  const slice = new Map(parseSlice(target.slice));
  const given = new Map(written);
  for (const [name, value] of slice) {
    if (primaryKey.includes(name) && !given.has(name)) given.set(name, value);
  }
  const missing = primaryKey.filter((name) => !given.has(name));
  if (missing.length > 0)
    throw correctionUsage(words`${option('key')} lacks ${missing.join(', ')}.`, dataset);
  return Object.fromEntries(primaryKey.map((name) => [name, given.get(name) as string]));
}

/** A correction that cannot be understood, with how one is written. */
export function correctionUsage(message: Words, dataset: Dataset): TidemarkError {
  const key = dataset.primaryKey.map((name) => `${name}=…`).join(',');
  const asked = { key: blank(key), set: blank('field=value'), expect: blank('OLD') };
  const given = { dataset: dataset.name, period: blank('…'), ...asked, ...decidedBy() };
  return new TidemarkError('usage', { message, hint: words`${command('correct', given)}` });
}
