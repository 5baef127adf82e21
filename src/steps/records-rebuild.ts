import { grouped } from '../domain/count.ts';
import type { RecordsDataset } from '../domain/dataset.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { decidedBy, type WhoAndWhy } from '../domain/who-and-why.ts';
import { command, words } from '../errors/advice.ts';
import { answersOf, callOf, keepAnswer } from '../ledger/answers.ts';
import type { Gate } from '../records/promote-batch.ts';
import { type Rebuilt, rebuildRecords } from '../records/rebuild-records.ts';
import { transactionUnlessDry } from '../warehouse/rehearse-transaction.ts';
import { recordsEnvironment } from './records-preview.ts';
import { recordsBasis } from './records-seen.ts';
import { NO_RECORDS, outcomes } from './records-told.ts';
import { refuseUnseen, type SeenInput, seenOf } from './seen.ts';
import type { StepContext } from './step.ts';

export interface RecordsRebuildInput extends WhoAndWhy, SeenInput {
  readonly dataset: RecordsDataset;
}

const STEP = 'records rebuild';

/**
 * The records that made core make it again, in their order and by the rules of today: rows that come out differently are
 * modified, those that no record makes any more are removed. Failed and held records stay as they are. One promotion, which
 * can be rolled back. Refuses where texts of the records are pruned.
 */
export async function recordsRebuild(ctx: StepContext, input: RecordsRebuildInput): Promise<StepResult> {
  const { dataset, by, reason } = input;
  const call = callOf(ctx, STEP, { dataset: dataset.name, by, reason });
  const before = ctx.dryRun ? [] : await ctx.warehouse.read((tx) => answersOf<StepResult>(tx, call));
  if (before[0] !== undefined) return before[0].answer;
  ctx.log.progress(`${STEP} ${dataset.name}`);

  const result = await transactionUnlessDry(ctx, async (session) => {
    const basis: object[] = [];
    const gate: Gate = async (weighed) => {
      basis.push(await recordsBasis(weighed, ctx.config.datasets));
      return { accepted: [], decided: { by, reason } };
    };
    const rebuilt = await rebuildRecords(session, recordsEnvironment(ctx, ctx.dryRun), dataset, gate);
    const told = resultOf(ctx, input, rebuilt);
    const own = seenOf({ ...basis.at(-1), rows: rebuilt?.rows ?? null, counts: rebuilt?.counts ?? null });
    refuseUnseen(input.seen, own, {
      ...{ step: STEP, options: { dataset: dataset.name }, decided: { by, reason } },
      ...{ told: resultOf({ dryRun: true }, input, rebuilt).message ?? '', where: { dataset: dataset.name } },
    });
    if (ctx.dryRun) return { ...told, seen: own };
    if (rebuilt !== null) await keepAnswer(session, call, { part: '', parts: [''], at: ctx.clock() }, told);
    return told;
  });
  const { added, modified } = result.rows;
  if (!ctx.dryRun && (added ?? 0) + (modified ?? 0) > 0) {
    ctx.touched?.read({ schema: 'stage', table: `${dataset.name}_records` });
    ctx.touched?.wrote({ schema: 'core', table: dataset.core.table }, (added ?? 0) + (modified ?? 0));
  }
  return result;
}

function resultOf(
  { dryRun }: Pick<StepContext, 'dryRun'>,
  { dataset }: RecordsRebuildInput,
  rebuilt: Rebuilt | null,
): StepResult {
  const about = { step: STEP, dataset: dataset.name, period: 'none' };
  if (rebuilt === null)
    return stepResult({
      ...{ ...about, status: 'skipped', records: NO_RECORDS },
      message: 'No record is promoted; there is nothing to make again.',
    });
  const { promotionId, counts, rows: all } = rebuilt;
  const { scope: _, ...rows } = all;
  const parts = (['added', 'modified', 'removed', 'unchanged'] as const)
    .filter((name) => rows[name] > 0)
    .map((name) => `${grouped(rows[name])} ${name}`);
  const lead =
    promotionId === null ? 'Core does not change' : dryRun ? 'Core would change' : `Promotion ${promotionId}`;
  const back = command('rollback', { promotion: promotionId ?? 0, ...decidedBy() });
  return stepResult({
    ...{ ...about, status: 'done', rows, records: counts },
    message: `${lead}: ${parts.length === 0 ? 'no rows' : parts.join(', ')}. ${outcomes(counts, dryRun ? undefined : 'The records are')}`,
    ...(promotionId === null || dryRun ? {} : { hint: words`To roll it back: ${back}` }),
  });
}
