import type { CoreRules } from '../domain/dataset.ts';
import type { PeriodKind } from '../domain/period.ts';
import { resolveThreshold, type Threshold } from '../domain/threshold.ts';
import type { ConfigProblem } from './problem.ts';
import type { DatasetAsWritten } from './schema.ts';

interface Surroundings {
  readonly dataset: string;
  readonly periodKind: PeriodKind;
  readonly primaryKey: readonly string[];
  readonly sliceNames: readonly string[];
  readonly records: boolean;
}

/** How a dataset is promoted, with every default filled in. */
export function resolveCore(
  written: NonNullable<DatasetAsWritten['core']>,
  about: Surroundings,
  at: readonly (string | number)[],
  problems: ConfigProblem[],
): CoreRules {
  const report = (path: readonly (string | number)[], message: string) =>
    problems.push({ path: [...at, ...path], message });
  const strategy = written.strategy ?? (about.periodKind === 'none' ? 'upsert' : 'replace_period');
  const missing = written.missing ?? 'keep';
  const given = written.key === undefined ? null : [written.key].flat();
  const lacking = about.sliceNames.filter((name) => given !== null && !given.includes(name));
  if (lacking.length > 0) report(['key'], `the key must contain the slice names too: ${lacking.join(', ')}`);
  const key = given ?? [...new Set([...about.sliceNames, ...about.primaryKey])];
  const hasKey = given !== null || about.primaryKey.length > 0;
  if (!hasKey && strategy !== 'replace_period')
    report([], `strategy ${strategy} needs a key: give schema.primaryKey or core.key`);
  if (missing !== 'keep' && written.covers === undefined)
    report(['missing'], `missing: ${missing} needs covers: all or period`);
  if (missing !== 'keep' && strategy !== 'upsert')
    report(['missing'], `missing: ${missing} belongs to strategy upsert, not ${strategy}`);
  if (strategy === 'history' && about.periodKind === 'none')
    report(['strategy'], 'strategy history needs periods; a list without them (period: none) has no history');
  if (strategy === 'history' && written.covers === 'period')
    report(
      ['covers'],
      'under strategy history a delivery is the whole truth of its period; leave covers out',
    );
  if (written.identity !== undefined && !hasKey)
    report(['identity'], 'surrogate keys are given to natural ones: give schema.primaryKey or core.key');
  if (!about.records && written.on_duplicate !== undefined)
    report(['on_duplicate'], 'on_duplicate belongs to records; give the dataset source: {records: {}}');
  const { max_removed, max_modified, max_added, max_drop, max_changed, min_rows } = written.guards ?? {};
  const limit = (value: number | string | undefined) =>
    value === undefined ? null : resolveThreshold(value);
  return {
    table: written.table ?? about.dataset,
    // Rows without a key are told apart by their position in the file.
    key: hasKey ? key : [...about.sliceNames, '_source_row'],
    strategy,
    covers: written.covers ?? null,
    missing,
    onDuplicate: written.on_duplicate ?? 'skip',
    guards: {
      max_removed: limit(max_removed),
      max_modified: limit(max_modified),
      max_added: limit(max_added),
      max_drop: limit(max_drop),
      max_changed: changeLimits(max_changed),
      min_rows: min_rows ?? null,
    },
    identity: written.identity ?? null,
    // Resolved later, when every dataset is known.
    references: [],
    rollout: written.rollout ?? 'immediate',
    review: written.review ?? 'optional',
  };
}

function changeLimits(
  written: NonNullable<NonNullable<DatasetAsWritten['core']>['guards']>['max_changed'],
): ReadonlyMap<string, Threshold> {
  if (written === undefined) return new Map();
  const byColumn = typeof written === 'object' ? written : { '*': written };
  return new Map(Object.entries(byColumn).map(([column, limit]) => [column, resolveThreshold(limit)]));
}
