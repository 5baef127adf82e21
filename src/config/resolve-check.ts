import type { Check } from '../domain/check.ts';
import { typeOf } from '../types/registry.ts';
import { type CheckPlace, noField } from './check-place.ts';
import type { CheckAsWritten } from './check-schema.ts';
import type { ConfigProblem } from './problem.ts';
import { resolveChanges, resolveControl } from './resolve-measures.ts';
import { resolveThreshold } from './resolve-threshold.ts';

const KINDS = [
  'expect',
  'required',
  'unique',
  'hierarchy',
  'rows',
  'control',
  'versus_previous',
  'versus_last_year',
  'in_period',
  'differs_from_previous',
] as const;
/** Checks that find single rows. */
const OF_ROWS: readonly string[] = ['expect', 'required', 'unique', 'hierarchy', 'in_period'];

/** A check of the kind that it names; null (and a problem) where it names no kind, several kinds, or unknown fields. */
export function resolveCheck(
  written: CheckAsWritten,
  dataset: Omit<CheckPlace, 'report'>,
  at: readonly (string | number)[],
  problems: ConfigProblem[],
): Check | null {
  const report: CheckPlace['report'] = (path, message) => problems.push({ path: [...at, ...path], message });
  const kinds = KINDS.filter((kind) => written[kind] !== undefined);
  const kind = kinds[0];
  if (kinds.length !== 1 || kind === undefined) {
    report(
      [],
      `a check needs exactly one of ${KINDS.join(', ')}${kinds.length > 1 ? `; this one has ${kinds.join(' and ')}` : ''}`,
    );
    return null;
  }
  refuseMisplaced(written, kind, report);
  return resolveKind(written, kind, { ...dataset, report });
}

function refuseMisplaced(
  written: CheckAsWritten,
  kind: (typeof KINDS)[number],
  report: CheckPlace['report'],
): void {
  if (written.when !== undefined && kind !== 'expect' && kind !== 'required')
    report(['when'], `when belongs to expect and required, not ${kind}`);
  if (written.tolerance !== undefined && kind !== 'control')
    report(['tolerance'], `tolerance belongs to control, not ${kind}`);
  if (written.max_failures !== undefined && !OF_ROWS.includes(kind))
    report(['max_failures'], `max_failures belongs to checks of rows (${OF_ROWS.join(', ')}), not ${kind}`);
}

function resolveKind(written: CheckAsWritten, kind: (typeof KINDS)[number], place: CheckPlace): Check {
  const base = {
    name: written.name ?? kind,
    severity: written.severity ?? 'error',
    message: written.message ?? null,
    maxFailures: written.max_failures === undefined ? null : resolveThreshold(written.max_failures),
  } as const;
  const { report } = place;
  switch (kind) {
    case 'expect':
      return { ...base, kind, expression: written.expect as string, when: written.when ?? null };
    case 'required':
      return { ...base, kind, fields: known(written.required, [kind], place), when: written.when ?? null };
    case 'unique': {
      const { fields, across = 'file' } = written.unique ?? {};
      if (across === 'slices' && !place.hasSlices)
        report([kind, 'across'], 'the file names of this dataset hold no slices');
      if (across === 'periods' && !place.hasPeriods) report([kind, 'across'], 'this dataset has no periods');
      return { ...base, kind, fields: known(fields, [kind, 'fields'], place), across };
    }
    case 'hierarchy':
      return { ...base, kind, ...resolveHierarchy(written, place) };
    case 'rows': {
      const { min = null, max = null } = written.rows ?? {};
      if (min === null && max === null) report([kind], 'rows needs min, max or both');
      if (min !== null && max !== null && min > max) report([kind], `min ${min} is more than max ${max}`);
      return { ...base, kind, min, max };
    }
    case 'control': {
      const tolerance = written.tolerance === undefined ? null : resolveThreshold(written.tolerance);
      return { ...base, kind, totals: resolveControl(written.control ?? {}, place), tolerance };
    }
    case 'versus_previous':
    case 'versus_last_year':
      return { ...base, kind, measures: resolveChanges(kind, written[kind] ?? {}, place) };
    case 'in_period': {
      const field = known(written.in_period, [kind], place)[0] as string;
      const type = place.fields.get(field)?.type;
      if (type !== undefined && typeOf(type).compare.within === null)
        report([kind], `in_period needs a field of dates; '${field}' is of type ${type}`);
      return { ...base, kind, field };
    }
    case 'differs_from_previous':
      return { ...base, kind };
  }
}

type Hierarchy = Omit<
  Extract<Check, { kind: 'hierarchy' }>,
  'kind' | 'name' | 'severity' | 'message' | 'maxFailures'
>;

function resolveHierarchy(written: CheckAsWritten, place: CheckPlace): Hierarchy {
  const { key, parent, level = null, min_depth = null, max_depth = null } = written.hierarchy ?? {};
  const keys = known(key, ['hierarchy', 'key'], place);
  const parents = known(parent, ['hierarchy', 'parent'], place);
  if (keys.length !== parents.length)
    place.report(['hierarchy', 'parent'], `parent needs as many fields as key, ${keys.length}`);
  for (const [i, name] of parents.entries()) {
    const [own, above] = [place.fields.get(keys[i] ?? '')?.type, place.fields.get(name)?.type];
    if (own !== undefined && above !== undefined && own !== above)
      place.report(
        ['hierarchy', 'parent'],
        `'${name}' is of type ${above} and '${keys[i]}' of type ${own}: a parent is a key of another row`,
      );
  }
  if (level !== null) {
    known(level, ['hierarchy', 'level'], place);
    const type = place.fields.get(level)?.type;
    if (type !== undefined && !typeOf(type).config.whole)
      place.report(
        ['hierarchy', 'level'],
        `level needs a field of type integer; '${level}' is of type ${type}`,
      );
  }
  if (min_depth !== null && max_depth !== null && min_depth > max_depth)
    place.report(['hierarchy', 'min_depth'], `min_depth ${min_depth} is more than max_depth ${max_depth}`);
  return { key: keys, parent: parents, level, minDepth: min_depth, maxDepth: max_depth };
}

/** Field names as a list; an unknown name is reported. */
function known(
  names: string | readonly string[] | undefined,
  path: readonly string[],
  { fields, report }: CheckPlace,
): readonly string[] {
  const list = [names ?? []].flat();
  for (const name of list) if (!fields.has(name)) report(path, noField(name, fields.keys()));
  return list;
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
