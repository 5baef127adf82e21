import type { Check, Threshold } from '../domain/dataset.ts';
import type { ConfigProblem } from './problem.ts';
import type { CheckAsWritten } from './schema.ts';

/** `5%` as a share, `10` as a count. */
export function resolveThreshold(written: number | string): Threshold {
  if (typeof written === 'number') return { kind: 'count', value: written, text: String(written) };
  return { kind: 'share', value: Number.parseFloat(written) / 100, text: written.replace(/\s/g, '') };
}

const KINDS = ['expect', 'rows', 'versus_previous', 'in_period', 'differs_from_previous'] as const;

/** A check of the one kind it names; null (and a problem) where it names none, several, or fields that are not there. */
export function resolveCheck(
  written: CheckAsWritten,
  fieldNames: ReadonlySet<string>,
  at: readonly (string | number)[],
  problems: ConfigProblem[],
): Check | null {
  const report = (path: readonly (string | number)[], message: string) =>
    problems.push({ path: [...at, ...path], message });
  const kinds = KINDS.filter((kind) => written[kind] !== undefined);
  const kind = kinds[0];
  if (kinds.length !== 1 || kind === undefined) {
    report(
      [],
      `a check needs exactly one of ${KINDS.join(', ')}${kinds.length > 1 ? `; this one has ${kinds.join(' and ')}` : ''}`,
    );
    return null;
  }
  const base = {
    name: written.name ?? kind,
    severity: written.severity ?? 'error',
    message: written.message ?? null,
  } as const;
  switch (kind) {
    case 'expect':
      return { ...base, kind, expression: written.expect as string };
    case 'rows': {
      const { min = null, max = null } = written.rows ?? {};
      if (min === null && max === null) report(['rows'], 'rows needs min, max or both');
      return { ...base, kind, min, max };
    }
    case 'versus_previous':
      return { ...base, kind, measures: resolveMeasures(written, fieldNames, report) };
    case 'in_period':
      if (!fieldNames.has(written.in_period as string))
        report([kind], `there is no field '${written.in_period}'`);
      return { ...base, kind, field: written.in_period as string };
    case 'differs_from_previous':
      return { ...base, kind };
  }
}

type Measures = Extract<Check, { kind: 'versus_previous' }>['measures'];

function resolveMeasures(
  written: CheckAsWritten,
  fieldNames: ReadonlySet<string>,
  report: (path: readonly (string | number)[], message: string) => void,
): Measures {
  const entries = Object.entries(written.versus_previous ?? {});
  if (entries.length === 0) report(['versus_previous'], 'versus_previous needs rows or sum(field)');
  return entries.map(([key, change]) => {
    const sum = /^sum\(\s*(.+?)\s*\)$/.exec(key)?.[1];
    if (key !== 'rows' && sum === undefined)
      report(['versus_previous', key], `'${key}' is neither rows nor sum(field)`);
    if (sum !== undefined && !fieldNames.has(sum))
      report(['versus_previous', key], `there is no field '${sum}'`);
    if (change.max_drop === undefined && change.max_rise === undefined) {
      report(['versus_previous', key], 'needs max_drop, max_rise or both');
    }
    return {
      measure: sum === undefined ? 'rows' : { sum },
      maxDrop: change.max_drop === undefined ? null : resolveThreshold(change.max_drop),
      maxRise: change.max_rise === undefined ? null : resolveThreshold(change.max_rise),
    };
  });
}
