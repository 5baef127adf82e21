import type { CommandSpec } from '../command.ts';
import { nonEmpty } from '../options.ts';

interface Options {
  readonly dropRaw?: boolean;
  readonly grantScripts?: string;
}

export const migrateCommand: CommandSpec<Options> = {
  name: 'migrate',
  summary: 'prepare the warehouse: migrations, then the tables of every dataset',
  configure: (command) =>
    command
      .option('--drop-raw', 'also remove a legacy raw schema')
      .option(
        '--grant-scripts <role>',
        'PostgreSQL: let this role hand over records by SQL, and do nothing else; again after a dataset was added',
        nonEmpty,
      ),
  async run(app, options) {
    const { migrateWarehouse } = await import('../../pipeline/migrate-warehouse.ts');
    const done = await migrateWarehouse(await app.caller(), {
      dropRaw: options.dropRaw ?? false,
      grantScripts: options.grantScripts ?? null,
    });
    const { result, applied, statements, warehouse } = done;
    const lines = app.options.dryRun
      ? statements.map((statement) => `${statement};`)
      : applied.map((name) => `applied ${name}`);
    const text = `${[...lines, `${result.message} (${warehouse})`].join('\n')}\n`;
    return { result, text, details: { applied, statements } };
  },
};
