import { type Dataset, isFileDataset } from '../domain/dataset.ts';
import type { Limits } from '../domain/limits.ts';
import type { Retention } from '../domain/retention.ts';
import type { SchemaNames } from '../domain/schema-names.ts';

/** The resolved configuration: every default filled in, every reference checked. */
export interface Config {
  /** Absolute path of the file from which it was read. */
  readonly path: string;
  /** `name:` of the file, the pipeline's name in its warehouse; absent: the name of its folder. */
  readonly name?: string | undefined;
  /** `schemas:` of the file, what the schemas are called in the warehouse; absent: meta, stage, core, history, mart. */
  readonly schemas?: SchemaNames;
  /** By name, in the order of the file. */
  readonly datasets: ReadonlyMap<string, Dataset>;
  /** `database:` of the file, with `${VAR}` filled in; null where not given. */
  readonly databaseUrl: string | null;
  readonly limits: Limits;
  /** What `prune` may remove, if the call does not say it; absent: nothing. */
  readonly retention?: Retention;
}

/** The datasets that have files: what is gated, validated and loaded, period by period. */
export function fileDatasets({ datasets }: Pick<Config, 'datasets'>): Dataset[] {
  return [...datasets.values()].filter(isFileDataset);
}
