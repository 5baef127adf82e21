import { counted } from '../../domain/count.ts';
import { stepResult } from '../../domain/result.ts';
import type { CommandSpec } from '../command.ts';

export const configCheckCommand: CommandSpec = {
  name: 'check',
  group: 'config',
  summary: 'read datasets_config.yml and the models, and say what is wrong, with line and column',
  configure: (command) => command,
  async run(app) {
    const config = await app.config();
    const { checkConfig } = await import('../../pipeline/check-config.ts');
    const warnings = await checkConfig(app.project, config);
    const lines = [...config.datasets.values()].map((dataset) => {
      const period = dataset.periodKind === 'none' ? 'no period' : `by ${dataset.periodKind}`;
      const { source } = dataset;
      const from = source.kind === 'file' ? source.filename.source : 'records';
      return `  ${dataset.name}: ${from}, ${period}, ${counted(dataset.fields.length, 'field')}, ${counted(dataset.checks.length, 'check')}`;
    });
    const message = `The configuration is valid: ${counted(config.datasets.size, 'dataset')}.`;
    return {
      result: stepResult({
        step: 'config check',
        status: 'done',
        findings: { warning: warnings.length },
        message: [message, ...warnings].join(' '),
      }),
      text: `${[message, ...lines, ...warnings.map((one) => `Warning: ${one}`)].join('\n')}\n`,
      details: { warnings },
    };
  },
};
