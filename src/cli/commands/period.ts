import type { Period } from '../../domain/period.ts';
import { decidedBy } from '../../domain/who-and-why.ts';
import { command, words } from '../../errors/advice.ts';
import type { CommandSpec } from '../command.ts';
import { datasetNamed, usage } from '../datasets.ts';
import { decisionOptions, requireDecision, seenDetails, seenOption } from '../decision-options.ts';
import { nonEmpty, periodOption } from '../options.ts';

interface Options {
  readonly seen?: string;
  readonly period?: Period;
  readonly dataset?: string;
  readonly reason?: string;
  readonly by?: string;
}

function periodCommand(action: 'close' | 'reopen', summary: string): CommandSpec<Options> {
  return {
    name: action,
    group: 'period',
    summary,
    configure: (command) =>
      seenOption(
        decisionOptions(
          command
            .option('--period <period>', '2025-06, 2025-Q2 or 2025', periodOption)
            .option('--dataset <name>', 'only this dataset', nonEmpty),
        ),
      ),
    async run(app, options) {
      const config = await app.config();
      const { period } = options;
      const example = command(`period ${action}`, { period: '2025-06', ...decidedBy() });
      if (!period) throw usage(`period ${action} needs --period.`, words`For a month: ${example}`);
      const decision = requireDecision(app, `period ${action}`, options);
      const dataset = options.dataset === undefined ? null : datasetNamed(config, options.dataset);
      const { decidePeriod } = await import('../../steps/period.ts');
      const about = { step: `period ${action}`, dataset: dataset?.name ?? null, period: period.text };
      const result = await app.invoke(about, ({ ctx }) =>
        decidePeriod(ctx, { action, period, dataset, ...decision, seen: options.seen ?? null }),
      );
      return { result, ...seenDetails(result) };
    },
  };
}

export const periodCloseCommand = periodCommand('close', 'close a period: nothing of it changes any more');
export const periodReopenCommand = periodCommand('reopen', 'open a closed period again');
