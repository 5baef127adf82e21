import { counted } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { NO_PERIOD, type Period } from '../domain/period.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { filterOptions, type SliceFilter, sliceOptions } from '../domain/slice.ts';
import { decidedBy, type WhoAndWhy } from '../domain/who-and-why.ts';
import { command, joinWords, type Words, words } from '../errors/advice.ts';
import type { PromotionRecord } from '../ledger/promotion-records.ts';
import { named, type RecordsTaken, type RolledBack } from '../promotion/rollback/roll-back.ts';
import { type Now, seenOf } from './seen.ts';

/** One promotion by its number, or the newest one that counts of a dataset and period (of each requested slice). */
export type RollbackSubject =
  | { readonly promotionId: number }
  | { readonly dataset: Dataset; readonly period: Period; readonly slice: SliceFilter };

/** What a call asks for, as far as it is told. */
export interface RollbackAsked extends WhoAndWhy {
  readonly subject: RollbackSubject;
  readonly cascade: boolean;
}

/** `taken` null: the promotion no longer counts. */
export function seenTarget({ promotionId }: PromotionRecord, taken: readonly RolledBack[] | null): string {
  const each = taken?.map(({ record, counts, redelivered, records }) => [
    ...[record.promotionId, counts, redelivered],
    ...(records ? [records] : []),
  ]);
  return seenOf({ promotionId, taken: each ?? null });
}

export function toldOf(target: PromotionRecord, taken: readonly RolledBack[] | null): Words {
  return (taken === null ? alreadyBack(target) : resultOf(target, taken, true)).message ?? '';
}

export function nowOf(input: RollbackAsked): Omit<Now, 'told'> {
  const { subject, cascade } = input;
  const all = cascade ? { cascade: true as const } : {};
  if ('promotionId' in subject) {
    const options = { promotion: subject.promotionId, ...all };
    return { step: 'rollback', options, decided: input, where: {} };
  }
  const { text } = subject.period;
  const where = { dataset: subject.dataset.name, ...(text === NO_PERIOD.text ? {} : { period: text }) };
  const options = { ...where, ...filterOptions(subject.slice), ...all };
  return { step: 'rollback', options, decided: input, where };
}

export function aboutOf(record: PromotionRecord) {
  return { dataset: record.dataset, period: record.period, slice: record.slice || null };
}

export function alreadyBack(target: PromotionRecord): StepResult {
  const by = target.rolledBackBy === null ? '' : ` by promotion ${target.rolledBackBy}`;
  const message = `Promotion ${target.promotionId} was rolled back already${by}; nothing to do.`;
  return stepResult({ step: 'rollback', ...aboutOf(target), status: 'skipped', message });
}

export function resultOf(target: PromotionRecord, taken: readonly RolledBack[], trial: boolean): StepResult {
  const sum = (name: 'added' | 'modified' | 'removed' | 'cells') =>
    taken.reduce((total, { counts }) => total + counts[name], 0);
  return stepResult({
    step: 'rollback',
    ...aboutOf(target),
    status: 'done',
    rows: { added: sum('added'), modified: sum('modified'), removed: sum('removed'), cells: sum('cells') },
    ...recordsOf(taken),
    message: joinWords(
      taken.map((one) => sentenceOf(one, trial)),
      '\n',
    ),
  });
}

function recordsOf(taken: readonly RolledBack[]) {
  const marked = taken.flatMap(({ records }) => (records ? [records] : []));
  if (marked.length === 0) return {};
  const sum = (name: keyof RecordsTaken) => marked.reduce((total, each) => total + each[name], 0);
  const given = { promoted: sum('promoted'), duplicate: sum('duplicate') };
  return { records: { held: sum('held'), waiting: sum('waiting'), ...given } };
}

/** What happens to records, in words. */
function recordsSentence(dataset: string, records: RecordsTaken | null, trial: boolean): Words {
  // An answer that an earlier version kept does not have them.
  if (!records) return '';
  const { held, pruned, waiting, promoted, duplicate } = records;
  const are = (n: number, what: string) => `${counted(n, 'record')} ${trial ? `would ${what}` : what}`;
  const parts = [
    held > 0
      ? words`${are(held, trial ? 'be' : held === 1 ? 'is' : 'are')} held until ${command('records retry', { dataset, all: true })}`
      : null,
    pruned > 0
      ? `the text of ${pruned === held ? 'each' : counted(pruned, 'record')} is pruned, so hand it over again`
      : null,
    waiting > 0
      ? `${are(waiting, waiting === 1 && !trial ? 'waits' : 'wait')} again, because the rows to which ${waiting === 1 ? 'it was' : 'they were'} linked change`
      : null,
    promoted > 0 ? `${are(promoted, trial ? 'be' : promoted === 1 ? 'is' : 'are')} promoted again` : null,
    duplicate > 0 ? `${are(duplicate, trial ? 'be' : duplicate === 1 ? 'is' : 'are')} linked again` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '' : words` ${joinWords(parts, '; ')}.`;
}

/** One rollback, in words. */
export function sentenceOf(
  { record, promotionId, counts, records, redelivered }: RolledBack,
  trial: boolean,
): Words {
  const rows = (n: number) => counted(n, 'row');
  const cells = counted(counts.cells, 'cell');
  const parts = [
    counts.removed > 0 ? `${rows(counts.removed)} deleted` : null,
    counts.added > 0 ? `${rows(counts.added)} brought back` : null,
    counts.modified > 0 ? `${rows(counts.modified)} set back (${cells})` : null,
  ].filter((part) => part !== null);
  const what = parts.length === 0 ? 'no rows' : parts.join(', ');
  const again = redelivered.map(
    ({ period, rows: n }) =>
      words` ${period} delivered ${n} of these rows too: ${command('transform', { period, dataset: record.dataset, ...sliceOptions(record.slice) })} brings them back.`,
  );
  const lead = trial
    ? `Would roll ${named(record)} back`
    : `Promotion ${promotionId} rolled ${named(record)} back`;
  return words`${lead}: ${what}.${recordsSentence(record.dataset, records, trial)}${joinWords(again, '')}`;
}

export function notConfirmed(
  input: RollbackAsked,
  target: PromotionRecord,
  preview: readonly RolledBack[],
): StepResult {
  const result = resultOf(target, preview, true);
  const { promotionId: promotion } = target;
  const given = { promotion, ...(input.cascade ? { cascade: true as const } : {}), yes: true as const };
  return {
    ...result,
    status: 'blocked',
    exitCode: 4,
    message: words`${result.message ?? ''}\nNothing was changed: it was not confirmed.`,
    hint: words`If this is right: ${command('rollback', { ...given, ...decidedBy(input) })}`,
  };
}
