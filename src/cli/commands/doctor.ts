import { stepResult } from '../../domain/result.ts';
import type { CommandSpec } from '../command.ts';

export const doctorCommand: CommandSpec = {
  name: 'doctor',
  summary: 'look at the machine, the project and the warehouse, and say what is not well',
  configure: (command) => command,
  async run(app) {
    const { diagnose } = await import('../doctor.ts');
    const findings = await diagnose(app);
    const bad = findings.filter((finding) => !finding.ok);
    const text = findings
      .map(
        (one) =>
          `${one.ok ? 'ok  ' : 'BAD '} ${one.what}${one.ok || !one.cure ? '' : `\n     Next: ${one.cure}`}\n`,
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
