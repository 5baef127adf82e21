import { type Dataset, isRecordsDataset } from '../domain/dataset.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { displayPath, modelPath, type Project } from './project.ts';

/**
 * The path of a dataset's core model for an engine; null where it has none. Records become rows of core without one, so a
 * model of a dataset that takes records is `bad-model`.
 */
export function coreModelPath(project: Project, dataset: Dataset, dialect: string): string | null {
  const path = modelPath(project, 'core', dataset.name, dialect);
  if (path === null || !isRecordsDataset(dataset)) return path;
  const file = displayPath(project, path);
  throw new TidemarkError('bad-model', {
    message: `${file}:1: dataset '${dataset.name}' takes records, and these have no core model: their fields are the columns of core.`,
    hint: 'Remove the file; what the model computes belongs into a mart.',
    where: { file, dataset: dataset.name },
  });
}
