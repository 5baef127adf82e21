import { stepResult } from '../../domain/result.ts';
import type { CommandSpec } from '../command.ts';

interface Options {
  readonly dropRaw?: boolean;
}

export const migrateCommand: CommandSpec<Options> = {
  name: 'migrate',
  summary: 'prepare the warehouse: migrations, then the tables of every dataset',
  configure: (command) => command.option('--drop-raw', 'also remove a legacy raw schema'),
  async run(app, options) {
    const config = await app.config();
    const { logCall, openFor } = await import('../invoke.ts');
    const startedAt = app.clock();
    const { migrate, migrationSources } = await import('../../warehouse/migrate/migrate.ts');
    const dryRun = app.options.dryRun ?? false;
    const warehouse = openFor(app, config);
    try {
      const sources = migrationSources(app.project, config, warehouse);
      const done = await migrate(warehouse, sources, { dryRun, dropRaw: options.dropRaw ?? false });
      for (const warning of done.warnings) app.log.warn(warning);
      const nothing = done.applied.length === 0 && done.statements.length === 0;
      const message = nothing
        ? 'The warehouse is up to date.'
        : dryRun
          ? 'This would be done.'
          : 'The warehouse is prepared.';
      const lines = dryRun
        ? done.statements.map((statement) => `${statement};`)
        : done.applied.map((name) => `applied ${name}`);
      const result = stepResult({ step: 'migrate', status: nothing ? 'skipped' : 'done', message });
      if (!dryRun && !nothing) await logCall(app, config, warehouse, startedAt, result);
      const text = `${[...lines, `${message} (${warehouse.displayName})`].join('\n')}\n`;
      return { result, text, details: { applied: done.applied, statements: done.statements } };
    } finally {
      await warehouse.close();
    }
  },
};
