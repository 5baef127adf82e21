import { stepResult } from '../../domain/result.ts';
import type { CommandSpec } from '../command.ts';
import { writeWords } from '../write-words.ts';

interface Options {
  readonly repair?: boolean;
}

export const doctorCommand: CommandSpec<Options> = {
  name: 'doctor',
  summary: 'examine the machine, the project and the warehouse, and report problems',
  configure: (command) =>
    command.option(
      '--repair',
      'replay the log that a killed process left beside the warehouse file; a copy is kept',
    ),
  async run(app, options) {
    const { diagnose } = await import('../../pipeline/diagnose.ts');
    const findings = await diagnose(app.project, app.caller, options.repair ?? false);
    const bad = findings.filter((finding) => !finding.ok);
    const text = findings
      .map(
        (one) =>
          `${one.ok ? 'ok  ' : 'BAD '} ${writeWords(one.what)}${one.ok || !one.cure ? '' : `\n     Next: ${writeWords(one.cure)}`}\n`,
      )
      .join('');
    const first = bad[0];
    const result = stepResult({
      step: 'doctor',
      status: first ? 'failed' : 'done',
      message: first ? first.what : 'All is well.',
      hint: first?.cure ?? null,
    });
    return { result, text, details: { findings } };
  },
};
