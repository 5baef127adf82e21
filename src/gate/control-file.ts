import { moduleOf } from '../checks/registry.ts';
import { type Config, fileDatasets } from '../config/config.ts';
import { controlledStem } from '../domain/control-name.ts';
import { type Dataset, fileSource } from '../domain/dataset.ts';
import { matchFilename } from '../domain/filename-pattern.ts';

/** Endings of deliveries that a control file may belong to. */
const ENDINGS = ['csv', 'tsv', 'txt', 'xlsx', 'xlsm', 'jsonl', 'ndjson', 'json'];

/**
 * The dataset whose deliveries a control file of this name belongs to, and that asks for one; null: it is not a control
 * file.
 */
export function controlledDataset(config: Config, name: string): Dataset | null {
  const stem = controlledStem(name);
  if (stem === null) return null;
  const asking = fileDatasets(config).filter(({ checks }) =>
    checks.some((check) => moduleOf(check).needs(check).controlFile === true),
  );
  const fits = (dataset: Dataset) =>
    ENDINGS.some(
      (ending) =>
        matchFilename(fileSource(dataset).filename, dataset.periodKind, `${stem}.${ending}`) !== null,
    );
  return asking.find(fits) ?? null;
}
