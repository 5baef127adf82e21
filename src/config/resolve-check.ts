import type { CheckPlace } from '../checks/check-place.ts';
import { CHECKS, type CheckModule } from '../checks/registry.ts';
import type { Check } from '../domain/check.ts';
import { resolveThreshold } from '../domain/threshold.ts';
import type { CheckAsWritten } from './check-schema.ts';
import type { ConfigProblem } from './problem.ts';

/** A check of the kind that it names; null (and a problem) where it names no kind, several kinds, or unknown fields. */
export function resolveCheck(
  written: CheckAsWritten,
  dataset: Omit<CheckPlace, 'report'>,
  at: readonly (string | number)[],
  problems: ConfigProblem[],
): Check | null {
  const report: CheckPlace['report'] = (path, message) => problems.push({ path: [...at, ...path], message });
  const named = CHECKS.filter(({ kind }) => written[kind] !== undefined);
  const [module, second] = named;
  if (module === undefined || second !== undefined) {
    const kinds = named.map(({ kind }) => kind).join(' and ');
    const all = CHECKS.map(({ kind }) => kind).join(', ');
    report([], `a check needs exactly one of ${all}${second === undefined ? '' : `; this one has ${kinds}`}`);
    return null;
  }
  refuseMisplaced(written, module, report);
  const { kind } = module;
  return {
    name: written.name ?? kind,
    severity: written.severity ?? 'error',
    message: written.message ?? null,
    maxFailures: written.max_failures === undefined ? null : resolveThreshold(written.max_failures),
    kind,
    ...module.resolve(written, { ...dataset, report }),
  };
}

/** A key that belongs to other kinds of checks. */
function refuseMisplaced(
  written: CheckAsWritten,
  { kind, keys, finds }: CheckModule,
  report: CheckPlace['report'],
): void {
  for (const key of new Set(CHECKS.flatMap((one) => Object.keys(one.keys)))) {
    if (written[key] === undefined || key in keys) continue;
    const owners = CHECKS.filter((one) => key in one.keys).map((one) => one.kind);
    report([key], `${key} belongs to ${owners.join(' and ')}, not ${kind}`);
  }
  const ofRows = CHECKS.filter((one) => one.finds === 'rows').map((one) => one.kind);
  if (written.max_failures !== undefined && finds !== 'rows')
    report(['max_failures'], `max_failures belongs to checks of rows (${ofRows.join(', ')}), not ${kind}`);
}

/**
 * Findings are counted and recognised by the name of their check, so each check needs its own: the second is 'expect
 * 2'.
 */
export function namedApart(checks: readonly Check[]): Check[] {
  const taken = new Set<string>();
  return checks.map((check) => {
    let name = check.name;
    for (let n = 2; taken.has(name); n++) name = `${check.name} ${n}`;
    taken.add(name);
    return { ...check, name };
  });
}
