import type { Dataset } from '../domain/dataset.ts';
import type { Project } from '../lake/project.ts';

/** The call in which records are promoted. */
export interface RecordsEnvironment {
  readonly project: Project;
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly runId: string;
  readonly clock: () => Date;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}
