import { isRecordsDataset } from '../../domain/dataset.ts';
import { worstExitCode } from '../../domain/result.ts';
import { shownText } from '../../domain/shown-text.ts';
import { sliceOptions } from '../../domain/slice.ts';
import { blank, type CommandPart, command, words } from '../../errors/advice.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { Unlogged } from '../../gate/unlogged.ts';
import type { SliceState } from '../../ledger/slice-states.ts';
import type { Lists } from './lists.ts';
import { type Reference, statesOf } from './reference-lists.ts';

type Newest = SliceState['newest'];

/**
 * Stops where the keys would not be those of the newest delivery of a list, so that no row is checked against an older
 * one: `reference-waits` while the newest is arriving or not validated yet, `reference-refused` while it is refused,
 * `blocked-delivery` while a person has to say which of two files counts.
 */
export async function refuseUnsettled(lists: Lists, references: readonly Reference[]): Promise<void> {
  const errors: TidemarkError[] = [];
  for (const reference of references) {
    const error = await unsettled(lists, reference);
    if (error !== null) errors.push(error);
  }
  const worst = worstExitCode(errors.map(({ exitCode }) => exitCode));
  const first = errors.find(({ exitCode }) => exitCode === worst);
  if (first !== undefined) throw first;
}

async function unsettled(lists: Lists, reference: Reference): Promise<TidemarkError | null> {
  const { list, listPeriod, part } = reference;
  if (listPeriod === null) return null;
  const unlogged = await lists.unlogged(list, listPeriod, [...part]);
  if (unlogged.files.length > 0) return notThroughTheGate(reference, unlogged);
  const states = await statesOf(lists, reference);
  const waiting = states.find(({ outcome }) => outcome === null);
  if (waiting !== undefined) return notValidated(reference, waiting.newest);
  const refused = states.find(({ outcome }) => outcome === 'refused');
  return refused === undefined ? null : newestRefused(reference, refused.newest);
}

function notThroughTheGate(reference: Reference, { files, withoutOrder }: Unlogged): TidemarkError {
  const [one, two] = withoutOrder;
  if (one !== undefined && two !== undefined) {
    return new TidemarkError('blocked-delivery', {
      message: `${referring(reference)}. '${shownText(one.path)}' and '${shownText(two.path)}' are new, and nothing says which of them counts. No row was checked.`,
      hint: words`Name the one that counts: ${command('ingest', { filePath: one.path })}`,
      where: where(reference),
    });
  }
  const [file] = files;
  return new TidemarkError('reference-waits', {
    message: `${referring(reference)}, and a newer file of it, '${shownText(file?.path ?? '')}', is still arriving or has not passed the gate yet. No row was checked.`,
    hint: words`When the file is complete, run: ${listCommand(reference)}. Then run the same command again.`,
    where: where(reference),
  });
}

function notValidated(reference: Reference, newest: Newest): TidemarkError {
  return new TidemarkError('reference-waits', {
    message: `${referring(reference)}, and delivery ${newest.fileId} of it, '${shownText(newest.path)}', has not been validated yet. No row was checked.`,
    hint: words`Run: ${listCommand(reference)}. Then run the same command again.`,
    where: where(reference),
  });
}

function newestRefused(reference: Reference, newest: Newest): TidemarkError {
  const why = { reason: blank('…'), by: blank('NAME') };
  const withdraw = command('withdraw', { fileId: newest.fileId, ...why });
  return new TidemarkError('reference-refused', {
    message: `${referring(reference)}, and delivery ${newest.fileId} of it, '${shownText(newest.path)}', was refused. No row was checked.`,
    hint: words`Deliver '${reference.list.name}' again, or withdraw this one: ${withdraw}`,
    where: where(reference),
  });
}

/** The list, or the part of it to which the key refers, was never delivered: no row is wrong. */
export function neverDelivered(reference: Reference): TidemarkError {
  const { list } = reference;
  if (isRecordsDataset(list))
    return new TidemarkError('reference-not-loaded', {
      message: `${referring(reference)}, of which no record was promoted. No row is to blame.`,
      hint: words`Promote its records (${command('records promote', { dataset: list.name, all: true })}), then run the same command again.`,
      where: where(reference),
    });
  return new TidemarkError('reference-not-loaded', {
    message: `${referring(reference)}, which was never delivered. No row is to blame.`,
    hint: words`Deliver '${reference.list.name}' first (${listCommand(reference)}), then run the same command again.`,
    where: where(reference),
  });
}

function referring({ dataset, list, part }: Reference): string {
  const of = [...part].map(([name, value]) => `${name}=${value}`).join(' ');
  return `${dataset.title} refers to the list '${list.name}'${of === '' ? '' : ` (${of})`}`;
}

function where({ dataset, period }: Reference) {
  return { dataset: dataset.name, period: period.text };
}

/** Takes the list's period through all steps. */
function listCommand({ list, listPeriod, period, part }: Reference): CommandPart {
  const of = list.periodKind === 'none' || listPeriod === null ? period : listPeriod;
  // A list without a period goes with any.
  const named = of.kind === 'none' ? blank('YYYY-MM') : of.text;
  return command('run', { period: named, dataset: list.name, ...sliceOptions([...part]) });
}
