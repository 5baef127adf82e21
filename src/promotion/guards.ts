import type { Threshold } from '../domain/check.ts';
import type { Dataset } from '../domain/dataset.ts';
import { parseSlice } from '../domain/slice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { DiffCounts } from './diff.ts';

/** A guard that a person lets pass, by name and with a reason. */
export interface AcceptedGuard {
  readonly name: string;
  readonly reason: string;
  readonly by: string;
}

export interface TrippedGuard {
  readonly name: string;
  /** The figures, as a sentence an analyst understands. */
  readonly figures: string;
}

/** Guards that the figures trip. Without core rows in scope there is nothing to compare with, so only `min_rows` applies. */
export function trippedGuards(dataset: Dataset, counts: DiffCounts): TrippedGuard[] {
  const { guards } = dataset.core;
  const tripped: TrippedGuard[] = [];
  const compare = (name: string, what: string, rows: number, limit: Threshold | null) => {
    if (limit === null || counts.scope === 0) return;
    const over = limit.kind === 'share' ? rows > limit.value * counts.scope : rows > limit.value;
    if (!over) return;
    const share = `${((rows / counts.scope) * 100).toFixed(1)}%`;
    tripped.push({
      name,
      figures: `${rows} of ${counts.scope} core rows (${share}) would be ${what}, allowed are ${limit.text}`,
    });
  };
  compare('max_removed', 'removed or closed', counts.removed + counts.closed, guards.max_removed);
  compare('max_modified', 'modified', counts.modified, guards.max_modified);
  if (guards.max_added !== null && counts.scope > 0) {
    const limit = guards.max_added;
    const over =
      limit.kind === 'share' ? counts.added > limit.value * counts.scope : counts.added > limit.value;
    if (over) {
      tripped.push({
        name: 'max_added',
        figures: `${counts.added} rows would be added to ${counts.scope} core rows, allowed are ${limit.text}`,
      });
    }
  }
  if (guards.min_rows !== null && counts.read < guards.min_rows) {
    tripped.push({
      name: 'min_rows',
      figures: `the delivery has ${counts.read} rows, at least ${guards.min_rows} are expected`,
    });
  }
  return tripped;
}

/**
 * Stops with `guard-tripped` where a tripped guard was not accepted, or with `approval-needed` where a person has to look
 * first; all of it is told at once. Answers the guards that were accepted, for the log.
 */
export function passGuards(
  tripped: readonly TrippedGuard[],
  accepted: readonly AcceptedGuard[],
  target: { readonly dataset: string; readonly period: string; readonly slice: string },
  unapproved: string | null = null,
): (AcceptedGuard & TrippedGuard)[] {
  const byName = new Map(accepted.map((guard) => [guard.name, guard]));
  const open = tripped.filter((guard) => !byName.has(guard.name));
  if (open.length === 0 && unapproved === null)
    return tripped.map((guard) => ({ ...(byName.get(guard.name) as AcceptedGuard), ...guard }));
  const guards = open.map((guard) => `Guard ${guard.name}: ${guard.figures}`);
  const told = [...(unapproved === null ? [] : [unapproved]), ...guards].join('; ');
  throw new TidemarkError(open.length > 0 ? 'guard-tripped' : 'approval-needed', {
    message: `${told}. Nothing was promoted.`,
    hint: nextCommands(open, target, unapproved !== null),
    where: { dataset: target.dataset, period: target.period },
  });
}

function nextCommands(
  open: readonly TrippedGuard[],
  target: { readonly dataset: string; readonly period: string; readonly slice: string },
  approve: boolean,
): string {
  const slices = parseSlice(target.slice).map(([name, value]) => ` --slice ${name}=${value}`);
  const where = `--dataset ${target.dataset} --period ${target.period}${slices.join('')}`;
  const commands: string[] = [];
  if (approve)
    commands.push(
      `Look: tidemark diff ${where}. If it is right: tidemark approve ${where} --by NAME${open.length > 0 ? '' : ', and run again'}`,
    );
  if (open.length > 0) {
    const names = open.map((guard) => ` --accept-guard ${guard.name}`).join('');
    commands.push(
      `${approve ? 'Then accept the guards' : 'If this is right, accept it'}: tidemark transform ` +
        `--period ${target.period} --dataset ${target.dataset}${slices.join('')}${names} --reason "…" --by NAME`,
    );
  }
  return commands.join('. ');
}
