import { counted, grouped } from '../domain/count.ts';
import type { Dataset, Guards } from '../domain/dataset.ts';
import { sliceOptions } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import { allowedOf, type Threshold } from '../domain/threshold.ts';
import { decidedBy, type WhoAndWhy } from '../domain/who-and-why.ts';
import { command, joinWords, type Words, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { DiffCounts } from './diff.ts';

/** A guard that a person accepts, by name and with a reason. */
export interface AcceptedGuard extends WhoAndWhy {
  readonly name: string;
}

export interface TrippedGuard {
  readonly name: string;
  /** The figures, as a sentence that an analyst understands. */
  readonly figures: string;
}

/** How much one column changes. */
export interface ChangedCells {
  readonly column: string;
  /** Rows whose cell in this column changes. */
  readonly changed: number;
}

/**
 * Guards that fail with these figures. Without core rows in scope there is nothing to compare with, so only `min_rows`
 * applies.
 */
export function trippedGuards(
  dataset: Dataset,
  counts: DiffCounts,
  columns: readonly ChangedCells[] = [],
): TrippedGuard[] {
  const { guards } = dataset.core;
  const { scope, read } = counts;
  const tripped: TrippedGuard[] = [];
  const hold = (name: string, rows: number, limit: Threshold | null, figures: () => string) => {
    if (limit === null || scope === 0 || rows <= allowedOf(limit, scope)) return;
    tripped.push({ name, figures: `${figures()}, allowed are ${limit.text}` });
  };
  const gone = counts.removed + counts.closed;
  const ofCore = (rows: number) =>
    `${grouped(rows)} of ${counted(scope, 'core row')} (${share(rows, scope)})`;
  hold('max_removed', gone, guards.max_removed, () => `${ofCore(gone)} would be removed or closed`);
  hold(
    'max_modified',
    counts.modified,
    guards.max_modified,
    () => `${ofCore(counts.modified)} would be modified`,
  );
  hold(
    'max_added',
    counts.added,
    guards.max_added,
    () => `${counted(counts.added, 'row')} would be added to ${counted(scope, 'core row')}`,
  );
  hold(
    'max_drop',
    scope - read,
    guards.max_drop,
    () =>
      `staging has ${counted(read, 'row')} and core ${grouped(scope)} (${share(scope - read, scope)} fewer); ` +
      'the source, or what fetches it, may need fixing',
  );
  const changed = columnsOver(guards.max_changed, columns, counts);
  if (scope > 0 && changed.length > 0) tripped.push({ name: 'max_changed', figures: changed.join('; ') });
  if (guards.min_rows !== null && read < guards.min_rows) {
    tripped.push({
      name: 'min_rows',
      figures: `the delivery has ${counted(read, 'row')}, at least ${grouped(guards.min_rows)} are expected`,
    });
  }
  return tripped;
}

function columnsOver(
  limits: Guards['max_changed'],
  columns: readonly ChangedCells[],
  { modified, unchanged }: DiffCounts,
): string[] {
  const both = modified + unchanged;
  return columns.flatMap(({ column, changed }) => {
    const limit = limits.get(column) ?? limits.get('*');
    if (limit === undefined || changed <= allowedOf(limit, both)) return [];
    return [
      `${column} would change in ${grouped(changed)} of ${counted(both, 'row')} (${share(changed, both)}), allowed are ${limit.text}`,
    ];
  });
}

function share(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1)}%`;
}

/**
 * Stops with `guard-tripped` where a failed guard was not accepted, or with `approval-needed` where a person has to
 * look first; everything is reported at once. Returns the accepted guards, for the log.
 */
export function passGuards(
  tripped: readonly TrippedGuard[],
  accepted: readonly AcceptedGuard[],
  target: Target,
  unapproved: string | null = null,
  promotes: 'transform' | 'records promote' = 'transform',
): (AcceptedGuard & TrippedGuard)[] {
  const byName = new Map(accepted.map((guard) => [guard.name, guard]));
  const open = tripped.filter((guard) => !byName.has(guard.name));
  if (open.length === 0 && unapproved === null)
    return tripped.map((guard) => ({ ...(byName.get(guard.name) as AcceptedGuard), ...guard }));
  const guards = open.map((guard) => `Guard ${guard.name}: ${guard.figures}`);
  const told = [...(unapproved === null ? [] : [unapproved]), ...guards].join('; ');
  throw new TidemarkError(open.length > 0 ? 'guard-tripped' : 'approval-needed', {
    message: `${told}. Nothing was promoted.`,
    hint: nextCommands(open, target, unapproved !== null, promotes),
    where: { dataset: target.dataset, period: target.period },
  });
}

function nextCommands(
  open: readonly TrippedGuard[],
  target: Target,
  approve: boolean,
  promotes: 'transform' | 'records promote',
): Words {
  const { dataset, period } = target;
  const slice = sliceOptions(target.slice);
  const where = { dataset, period, ...slice };
  const commands: Words[] = [];
  if (approve)
    commands.push(
      words`Look: ${command('diff', where)}. If it is right: ${command('approve', { ...where, ...decidedBy() })}${open.length > 0 ? '' : ', and run again'}`,
    );
  if (open.length > 0) {
    const acceptGuard = open.map((guard) => guard.name);
    const which = promotes === 'transform' ? { period, dataset, ...slice } : { dataset, all: true as const };
    const accepting = { ...which, acceptGuard, ...decidedBy() };
    commands.push(words`${leadOf(open, approve)}: ${command(promotes, accepting)}`);
  }
  return joinWords(commands, '. ');
}

function leadOf(open: readonly TrippedGuard[], approve: boolean): string {
  if (approve) return 'Then accept the guards';
  const held = open.some((guard) => guard.name === 'rolled_back');
  return held
    ? 'Load other rows; or if these are right after all, accept them'
    : 'If this is right, accept it';
}
