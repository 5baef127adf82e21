import type { Config } from '../config/config.ts';
import type { Dataset } from '../domain/dataset.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import type { SliceFilter } from '../domain/slice.ts';
import type { Words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';

/** A dataset by name; `unknown-dataset` with a 'did you mean' where there is none. */
export function datasetNamed(config: Config, name: string): Dataset {
  const found = config.datasets.get(name);
  if (found) return found;
  const meant = didYouMean(name, config.datasets.keys());
  const known = [...config.datasets.keys()].join(', ') || 'none';
  throw new TidemarkError('unknown-dataset', {
    message: `There is no dataset '${name}'${meant ? `; did you mean '${meant}'?` : '.'}`,
    hint: `Known datasets: ${known}.`,
  });
}

/** Refuses a `--slice` whose name no dataset has: a misspelt name would silently match nothing. */
export function refuseStrangeSlices(
  datasets: Iterable<Dataset>,
  asked: SliceFilter | null | undefined,
): void {
  const known = new Set([...datasets].flatMap((dataset) => dataset.sliceNames));
  for (const name of asked?.keys() ?? []) {
    if (known.has(name)) continue;
    const meant = didYouMean(name, known);
    throw usage(
      `There is no slice '${name}'${meant ? `; did you mean '${meant}'?` : '.'}`,
      known.size > 0 ? `Known slices: ${[...known].join(', ')}.` : 'Leave --slice out.',
    );
  }
}

export function usage(message: string, hint: Words): TidemarkError {
  return new TidemarkError('usage', { message, hint });
}
