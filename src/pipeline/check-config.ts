import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { basisWithout } from '../checks/basis.ts';
import type { Config } from '../config/config.ts';
import { type Dataset, isRecordsDataset } from '../domain/dataset.ts';
import { NO_PERIOD, type Period } from '../domain/period.ts';
import type { Project } from '../lake/project.ts';
import { findMarts } from '../marts/find-marts.ts';
import { checkRows } from '../validation/check-rows.ts';
import { Scratch } from '../validation/scratch.ts';
import { textLayout, textRows } from '../validation/text-rows.ts';
import { checkCasts } from './check-casts.ts';
import { tryRecordRules } from './try-record-rules.ts';

/**
 * Checks what the configuration alone cannot show: whether both engines can read the models, and whether every pattern,
 * date format, bound and expression works, by checking a delivery without rows against each dataset's rules. Returns
 * warnings, as sentences: casts of models that no longer fit their fields. Throws `bad-config` or `bad-model`, with the
 * place of the error.
 */
export async function checkConfig(project: Project, config: Config): Promise<readonly string[]> {
  for (const dialect of DIALECTS) findMarts(project, config.datasets, dialect);
  for (const dataset of config.datasets.values()) await tryRules(dataset);
  const warnings: string[] = [];
  for (const dialect of DIALECTS) warnings.push(...(await checkCasts(project, config, dialect)));
  return [...new Set(warnings)];
}

const DIALECTS = ['duckdb', 'postgres'] as const;

/** A period of each kind, for rules that need one. */
const ANY_PERIOD: Record<Dataset['periodKind'], Period> = {
  month: { kind: 'month', text: '2000-01' },
  quarter: { kind: 'quarter', text: '2000-Q1' },
  year: { kind: 'year', text: '2000' },
  none: NO_PERIOD,
};

/** Checks a delivery without rows, or a record without members, and without anything to compare it with. */
async function tryRules(dataset: Dataset): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-check-'));
  try {
    if (isRecordsDataset(dataset)) return await tryRecordRules(folder, dataset);
    const extract = await textRows(folder, 'nothing', dataset, []);
    const scratch = await Scratch.open(folder, { width: extract.width, bytes: 0 });
    try {
      const slice = dataset.sliceNames.map((name) => [name, 'any'] as const);
      const layout = textLayout(dataset, 'a delivery without rows');
      const basis = basisWithout(ANY_PERIOD[dataset.periodKind]);
      await checkRows(scratch, dataset, { door: 'raw', slice, layout, extract }, basis);
    } finally {
      scratch.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
