import type { Config } from '../config/config.ts';
import type { Project } from '../lake/project.ts';
import { findMarts } from '../marts/find-marts.ts';

/** What reading the configuration alone cannot tell: whether the models can be read for both engines. */
export async function checkConfig(project: Project, config: Config): Promise<void> {
  for (const dialect of ['duckdb', 'postgres']) findMarts(project, config.datasets, dialect);
}
