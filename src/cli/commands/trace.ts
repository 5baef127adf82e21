import type { TraceAnswer } from '../../steps/trace.ts';
import type { CommandSpec } from '../command.ts';
import { usage } from '../datasets.ts';
import { renderTrace } from '../render-trace.ts';

interface Options {
  readonly showPii?: boolean;
}

export const traceCommand: CommandSpec<Options> = {
  name: 'trace',
  summary: 'show where a row of core or of a mart comes from: promotion, load, file, sheet and cell',
  configure: (command) =>
    command
      .argument('[table]', 'core.<table> or mart.<table>')
      .argument('[key...]', 'the key: its values in order, or name=value')
      .option('--show-pii', 'show personal data; the log records that it was shown'),
  async run(app, options, args) {
    const [table, ...key] = args;
    if (table === undefined || key.length === 0)
      throw usage('trace needs a table and a key.', 'Such as: tidemark trace core.citizens 100017');
    const { trace } = await import('../../steps/trace.ts');
    let answer: TraceAnswer | null = null;
    const about = { step: 'trace', dataset: null, period: null };
    const onlyReads = true;
    const result = await app.invoke(
      about,
      async ({ ctx }) => {
        answer = await trace(ctx, { table, key, showPersonal: options.showPii ?? false });
        return answer.result;
      },
      onlyReads,
    );
    const told = answer as TraceAnswer | null;
    if (told === null) return { result };
    return { result, text: renderTrace(told.trace), details: told.trace };
  },
};
