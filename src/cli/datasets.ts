import type { Config } from '../config/config.ts';
import { type Dataset, isFileDataset, isRecordsDataset, type RecordsDataset } from '../domain/dataset.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import type { SliceFilter } from '../domain/slice.ts';
import { blank, command, type Words, words } from '../errors/advice.ts';
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

/**
 * A dataset that has files, by name; `usage` for one that takes records, with what to do there instead, or else how its
 * records become rows.
 */
export function fileDatasetNamed(config: Config, name: string, instead?: (name: string) => Words): Dataset {
  const found = datasetNamed(config, name);
  if (isFileDataset(found)) return found;
  throw usage(
    `Dataset '${name}' takes records from scripts, and has no files.`,
    instead?.(name) ??
      words`Hand records over with ${command('records submit', { dataset: name, run: blank('RUN'), actor: blank('ACTOR') })}, promote them with ${command('records promote', { dataset: name, all: true })}.`,
  );
}

/** A dataset that takes records, by name; `usage` for one that has files. */
export function recordsDatasetNamed(config: Config, name: string): RecordsDataset {
  const found = datasetNamed(config, name);
  if (isRecordsDataset(found)) return found;
  const known = [...config.datasets.values()].filter(isRecordsDataset).map((each) => each.name);
  throw usage(
    `Dataset '${name}' has files, and takes no records.`,
    `Datasets that take records: ${known.join(', ') || 'none; give one source: {records: {}} in datasets_config.yml'}.`,
  );
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
