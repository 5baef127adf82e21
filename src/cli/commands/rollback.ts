import type { Config } from '../../config/config.ts';
import { NO_PERIOD, type Period } from '../../domain/period.ts';
import type { SliceFilter } from '../../domain/slice.ts';
import { decidedBy, type WhoAndWhy } from '../../domain/who-and-why.ts';
import { command, joinWords, words } from '../../errors/advice.ts';
import type { RolledBack } from '../../promotion/rollback/roll-back.ts';
import type { RollbackSubject } from '../../steps/rollback-told.ts';
import type { App } from '../app.ts';
import { confirmed } from '../ask.ts';
import type { CommandSpec } from '../command.ts';
import { datasetNamed, refuseStrangeSlices, usage } from '../datasets.ts';
import { decisionOptions, requireDecision, seenDetails, seenOption } from '../decision-options.ts';
import { neutralise } from '../log.ts';
import { nonEmpty, periodOption, sliceOption, wholeNumber } from '../options.ts';
import { writeWords } from '../write-words.ts';

interface Options {
  readonly seen?: string;
  readonly promotion?: number;
  readonly dataset?: string;
  readonly period?: Period;
  readonly slice?: SliceFilter;
  readonly cascade?: boolean;
  readonly reason?: string;
  readonly by?: string;
}

export const rollbackCommand: CommandSpec<Options> = {
  name: 'rollback',
  summary: 'roll a promotion back: core becomes as it was before',
  configure: (command) =>
    seenOption(
      decisionOptions(
        command
          .option('--promotion <n>', 'the promotion', wholeNumber)
          .option('--dataset <name>', 'the newest promotion of this dataset that still counts', nonEmpty)
          .option('--period <period>', 'of this period', periodOption)
          .option('--slice <name=value>', 'only this slice (may be repeated)', sliceOption)
          .option('--cascade', 'roll back later promotions of the same rows too, newest first'),
      ),
    ),
  async run(app, options) {
    const config = await app.config();
    const subject = subjectOf(config, options);
    const decision = requireDecision(app, 'rollback', options);
    const { rollback } = await import('../../steps/rollback.ts');
    const { sentenceOf } = await import('../../steps/rollback-told.ts');
    if (!('promotionId' in subject) && options.seen === undefined)
      await refuseUnsafeRepeat(app, subject, options, decision);
    let taken: readonly RolledBack[] = [];
    const ask = (preview: readonly RolledBack[]) =>
      confirmed(
        app,
        neutralise(preview.map((one) => writeWords(sentenceOf(one, true))).join('\n')),
        'Go on?',
      );
    const about = {
      step: 'rollback',
      dataset: options.dataset ?? null,
      period: options.period?.text ?? null,
    };
    const result = await app.invoke(about, async ({ ctx }) => {
      const answer = await rollback(ctx, {
        subject,
        cascade: options.cascade ?? false,
        ...decision,
        seen: options.seen ?? null,
        confirm: app.options.yes || options.seen !== undefined ? null : ask,
      });
      taken = answer.taken;
      return answer.result;
    });
    return { result, details: { taken_back: taken.map(toldOf), ...seenDetails(result).details } };
  },
};

function subjectOf(config: Config, options: Options): RollbackSubject {
  const { promotion, period, slice } = options;
  const hint =
    'Give --promotion N; or --dataset and, where it has periods, --period. `tidemark history` lists the promotions.';
  if (promotion !== undefined) {
    if (options.dataset !== undefined || period !== undefined || slice !== undefined)
      throw usage('--promotion says it all; --dataset, --period and --slice do not go with it.', hint);
    return { promotionId: promotion };
  }
  const dataset = options.dataset === undefined ? null : datasetNamed(config, options.dataset);
  const of = period ?? (dataset?.periodKind === 'none' ? NO_PERIOD : undefined);
  if (dataset === null || of === undefined)
    throw usage('rollback needs to know which promotion to roll back.', hint);
  refuseStrangeSlices([dataset], slice);
  return { dataset, period: of, slice: slice ?? new Map() };
}

function toldOf({ record, promotionId, counts, records, redelivered }: RolledBack): unknown {
  return {
    promotion_id: record.promotionId,
    kind: record.kind,
    dataset: record.dataset,
    period: record.period,
    slice: record.slice || null,
    by_promotion_id: promotionId === 0 ? null : promotionId,
    rows_deleted: counts.removed,
    rows_brought_back: counts.added,
    rows_set_back: counts.modified,
    cells: counts.cells,
    ...(records ? { records } : {}),
    delivered_again_by: redelivered,
  };
}

/**
 * With a period and `--yes`, the same call made again would roll back the promotion before as well. So the call has to
 * say which promotion it means, or to which run it belongs.
 */
async function refuseUnsafeRepeat(
  app: App,
  subject: RollbackSubject,
  { cascade = false }: Options,
  decision: WhoAndWhy,
): Promise<void> {
  const { yes = false, dryRun = false, runId } = app.options;
  if (!yes || dryRun || runId !== undefined) return;
  const { subjectsOf } = await import('../../steps/rollback.ts');
  const meant = await app.readUnlogged((ctx) =>
    ctx.warehouse.read((session) => subjectsOf(session, subject)),
  );
  if (meant.length === 0) return;
  const commands = meant.map(({ promotionId: promotion }) => {
    const given = { promotion, ...(cascade ? { cascade: true as const } : {}), yes: true as const };
    return words`${command('rollback', { ...given, ...decidedBy(decision) })}`;
  });
  throw usage(
    'rollback --yes needs --promotion, so that the same call made again rolls nothing more back.',
    words`Run: ${joinWords(commands, '; ')}`,
  );
}
