import type { ToldRecord } from '../../../records/told-records.ts';
import type { CommandSpec } from '../../command.ts';
import { recordsDatasetNamed, usage } from '../../datasets.ts';
import { decisionOptions, seenDetails, seenOption } from '../../decision-options.ts';
import { gather, gatherNumbers, nonEmpty } from '../../options.ts';
import { acceptedGuards, type GuardOptions } from '../transform.ts';

interface Options extends GuardOptions {
  readonly dataset?: string;
  readonly run?: string;
  readonly all?: boolean;
  readonly stagingId?: readonly number[];
  readonly failOnFailed?: boolean;
  readonly allDetails?: boolean;
  readonly seen?: string;
}

/** Records that a result tells one by one, unless all of them are asked for. */
const MOST_TOLD = 1000;

export const recordsPromoteCommand: CommandSpec<Options> = {
  name: 'promote',
  group: 'records',
  summary: 'promote records that wait: by the rules of their dataset, each exactly once',
  configure: (command) =>
    seenOption(
      decisionOptions(
        command
          .option('--dataset <name>', 'the dataset that takes the records', nonEmpty)
          .option('--run <id>', 'the records of this run of a script', nonEmpty)
          .option('--all', 'the records of all runs')
          .option('--staging-id <n>', 'only this record (may be repeated)', gatherNumbers)
          .option(
            '--fail-on-failed',
            'end with exit code 3 where a record failed; the good ones are promoted',
          )
          .option('--all-details', 'tell every record one by one, and not just the first 1,000')
          .option('--accept-guard <name>', 'accept a guard that failed (may be repeated)', gather),
      ),
    ),
  async run(app, options) {
    const config = await app.config();
    const { dataset: name, run = null, all = false } = options;
    const example = 'For a run: tidemark records promote --dataset NAME --run RUN.';
    if (name === undefined) throw usage('records promote needs --dataset.', example);
    if ((run === null) === !all) throw usage('records promote takes either --run or --all.', example);
    const dataset = recordsDatasetNamed(config, name);
    const acceptGuards = acceptedGuards(app, options);
    const { recordsPromote } = await import('../../../steps/records-promote.ts');
    let told: readonly ToldRecord[] = [];
    const about = { step: 'records promote', dataset: name, period: 'none' };
    const result = await app.invoke(about, async ({ ctx }) => {
      const done = await recordsPromote(ctx, {
        ...{ dataset, run, acceptGuards, stagingIds: options.stagingId ?? [] },
        ...{ failOnFailed: options.failOnFailed ?? false, seen: options.seen ?? null },
        told: options.allDetails ? Number.MAX_SAFE_INTEGER : MOST_TOLD,
      });
      told = done.told;
      return done.result;
    });
    const of = (wanted: ToldRecord['outcome']) =>
      told.filter(({ outcome }) => outcome === wanted).map(({ outcome: _, ...record }) => record);
    const [promoted, duplicate] = [of('promoted'), of('duplicate')];
    const { details: seen } = seenDetails(result);
    return {
      result,
      details: { promoted, duplicate, failed: of('failed'), waiting: of('waiting'), ...seen },
    };
  },
};
