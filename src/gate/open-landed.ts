import type { Dataset } from '../domain/dataset.ts';
import type { Limits } from '../domain/limits.ts';
import { openSource } from '../readers/open-source.ts';
import type { Source } from '../readers/reader.ts';
import { headerFit } from './find-header.ts';

/**
 * Opens a file with the rules of a dataset, which also has the headers; ingest and validate must read it in the same
 * way.
 */
export function openLanded(path: string, dataset: Dataset, limits: Limits): Promise<Source> {
  return openSource(path, { ...dataset.source, fit: headerFit(dataset) }, limits);
}
