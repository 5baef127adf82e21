import { fileDatasets } from '../../config/config.ts';
import type { Period } from '../../domain/period.ts';
import type { SliceFilter } from '../../domain/slice.ts';
import type { AcceptedGuard } from '../../promotion/guards.ts';
import type { App } from '../app.ts';
import type { CommandSpec } from '../command.ts';
import { fileDatasetNamed, refuseStrangeSlices, usage } from '../datasets.ts';
import {
  type DecisionOptions,
  decisionOptions,
  requireDecision,
  seenDetails,
  seenOption,
} from '../decision-options.ts';
import { gather, periodOption, sliceOption } from '../options.ts';

interface Options extends GuardOptions {
  readonly seen?: string;
  readonly period?: Period;
  readonly dataset?: readonly string[];
  readonly slice?: SliceFilter;
  readonly atomic?: boolean;
}

export const transformCommand: CommandSpec<Options> = {
  name: 'transform',
  summary: 'promote the stage rows of a period to core',
  configure: (command) =>
    seenOption(
      decisionOptions(
        command
          .option('--period <period>', '2025-06, 2025-Q2 or 2025', periodOption)
          .option('--dataset <name...>', 'only these datasets', gather)
          .option(
            '--slice <name=value>',
            'only this slice (may be repeated; a name given twice takes either value)',
            sliceOption,
          )
          .option('--atomic', 'all of them in one transaction, or none')
          .option('--accept-guard <name>', 'accept a guard that failed (may be repeated)', gather),
      ),
    ),
  async run(app, options) {
    const config = await app.config();
    const period = options.period;
    if (!period)
      throw usage('transform needs --period.', 'For a month: tidemark transform --period 2025-06.');
    const named = (options.dataset ?? []).map((name) => fileDatasetNamed(config, name));
    refuseStrangeSlices(named.length > 0 ? named : config.datasets.values(), options.slice);
    const acceptGuards = acceptedGuards(app, options);
    const { transform } = await import('../../steps/transform.ts');
    const only = named.length === 1 ? (named[0]?.name ?? null) : null;
    const result = await app.invoke({ step: 'transform', dataset: only, period: period.text }, ({ ctx }) =>
      transform(ctx, {
        period,
        datasets: named.length > 0 ? named : fileDatasets(config),
        named: named.length > 0,
        ...(options.slice ? { slice: options.slice } : {}),
        atomic: options.atomic ?? false,
        acceptGuards,
        seen: options.seen ?? null,
      }),
    );
    return { result, ...seenDetails(result) };
  },
};

export interface GuardOptions extends DecisionOptions {
  readonly acceptGuard?: readonly string[];
}

/** Guards that the call accepts; each needs a reason and a name. */
export function acceptedGuards(app: Pick<App, 'options'>, options: GuardOptions): AcceptedGuard[] {
  const { acceptGuard: names = [] } = options;
  if (names.length === 0) return [];
  const decision = requireDecision(app, '--accept-guard', options);
  return names.map((name) => ({ name, ...decision }));
}
