import type { CommandSpec } from '../command.ts';
import { usage } from '../datasets.ts';
import { decisionOptions, requireDecision, seenDetails, seenOption } from '../decision-options.ts';
import { wholeNumber } from '../options.ts';

interface Options {
  readonly seen?: string;
  readonly fileId?: number;
  readonly reason?: string;
  readonly by?: string;
}

export const withdrawCommand: CommandSpec<Options> = {
  name: 'withdraw',
  summary: 'stop counting a delivery; the one before it becomes current, or none does',
  configure: (command) =>
    seenOption(
      decisionOptions(command.option('--file-id <n>', 'the delivery; `history` lists them', wholeNumber)),
    ),
  async run(app, options) {
    const { fileId } = options;
    if (fileId === undefined)
      throw usage('withdraw needs --file-id.', '`tidemark history --dataset NAME` lists the deliveries.');
    const decision = requireDecision(app, 'withdraw', options);
    const { withdraw } = await import('../../steps/withdraw.ts');
    const about = { step: 'withdraw', dataset: null, period: null };
    const result = await app.invoke(about, ({ ctx }) =>
      withdraw(ctx, { fileId, ...decision, seen: options.seen ?? null }),
    );
    return { result, ...seenDetails(result) };
  },
};
