import type { Config } from '../config/config.ts';
import { candidateOf } from '../gate/candidates.ts';
import { controlledDataset } from '../gate/control-file.ts';
import { replyCandidates } from '../gate/reply/reply-candidates.ts';
import { scanLanded } from '../lake/landed.ts';
import type { Project } from '../lake/project.ts';
import { loggedPaths } from '../ledger/ever-landed.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

/** A landed file that is in no line of the board. */
export interface LooseFile {
  readonly path: string;
  /** Null: it fits no dataset, and `fix` says what to do with it. */
  readonly dataset: string | null;
  readonly period: string | null;
  readonly slice: string;
  readonly fix: string | null;
}

/** Files in data/landed that fit no dataset, and those that fit one and are not ingested yet. */
export async function looseFiles(
  project: Project,
  config: Config,
  warehouse: Warehouse,
): Promise<readonly LooseFile[]> {
  const files = scanLanded(project);
  const replies = await replyCandidates(config, warehouse, files);
  const known = await warehouse.read(loggedPaths);
  return files.flatMap((file): LooseFile[] => {
    const { named, refusal, unfinished } = replies.get(file.absolute) ?? candidateOf(config, file);
    if (unfinished) return [];
    if (named !== null) {
      if (known.has(file.path)) return [];
      const { dataset, period, sliceText } = named;
      return [{ path: file.path, dataset: dataset.name, period, slice: sliceText, fix: null }];
    }
    if (controlledDataset(config, file.name) !== null) return [];
    return [{ path: file.path, dataset: null, period: null, slice: '', fix: refusal?.fix ?? null }];
  });
}
