import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Check } from '../domain/check.ts';
import type { Dataset } from '../domain/dataset.ts';
import { NO_PERIOD, type Period } from '../domain/period.ts';
import type { Project } from '../lake/project.ts';
import { findMarts } from '../marts/find-marts.ts';
import { CanonicalWriter } from '../readers/canonical-writer.ts';
import { judge } from '../validation/judge.ts';
import { Scratch } from '../validation/scratch.ts';
import { checkCasts } from './check-casts.ts';

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

/** Checks that need only the data of the delivery. */
const TRIED: readonly Check['kind'][] = ['expect', 'required', 'unique', 'hierarchy', 'in_period'];

/** A period of each kind, for rules that need one. */
const ANY_PERIOD: Record<Dataset['periodKind'], Period> = {
  month: { kind: 'month', text: '2000-01' },
  quarter: { kind: 'quarter', text: '2000-Q1' },
  year: { kind: 'year', text: '2000' },
  none: NO_PERIOD,
};

async function tryRules(dataset: Dataset): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-check-'));
  const headers = dataset.fields.map((field) => field.name);
  const width = headers.length;
  const path = join(folder, 'nothing.cells');
  try {
    await new CanonicalWriter(path, width).close();
    const scratch = await Scratch.open(folder, { width, bytes: 0 });
    try {
      await judge(scratch, {
        // There is no other data here: checks that read other data are only checked when the configuration is resolved.
        dataset: {
          ...dataset,
          foreignKeys: [],
          checks: dataset.checks.filter(({ kind }) => TRIED.includes(kind)),
        },
        period: ANY_PERIOD[dataset.periodKind],
        slice: dataset.sliceNames.map((name) => [name, 'any'] as const),
        layout: {
          format: 'text',
          file: 'a delivery without rows',
          sheet: null,
          headers,
          mapping: headers.map((label, column) => ({ column, label, field: label })),
        },
        extract: {
          form: 'canonical',
          path,
          width,
          escaped: false,
          rows: 0,
          blankRows: 0,
          hiddenRows: 0,
          notes: [],
        },
        references: [],
        previous: null,
      });
    } finally {
      scratch.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
