import type { Dataset } from '../domain/dataset.ts';
import type { Project } from '../lake/project.ts';
import type { GateRecords } from './gates.ts';

/** The call in which records are promoted. */
export interface RecordsEnvironment extends GateRecords {
  readonly project: Project;
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly runId: string;
  readonly clock: () => Date;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}
