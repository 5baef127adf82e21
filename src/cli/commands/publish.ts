import type { Period } from '../../domain/period.ts';
import type { CommandSpec } from '../command.ts';
import { usage } from '../datasets.ts';
import { decisionOptions } from '../decision-options.ts';
import { choice, gather, nonEmpty, periodOption } from '../options.ts';
import { acceptedGuards, type GuardOptions } from './transform.ts';

interface Options extends GuardOptions {
  readonly period?: Period;
  readonly mart?: string;
  readonly export?: string;
}

export const publishCommand: CommandSpec<Options> = {
  name: 'publish',
  summary: 'make the marts of a period from core, all or none',
  configure: (command) =>
    decisionOptions(
      command
        .option('--period <period>', '2025-06, 2025-Q2 or 2025', periodOption)
        .option('--mart <name>', 'only this mart', nonEmpty)
        .option(
          '--export <format>',
          'also write each mart to data/exports',
          choice('parquet', 'csv', 'xlsx', 'arrow'),
        )
        .option('--accept-guard <name>', 'accept a guard that failed (may be repeated)', gather),
    ),
  async run(app, options) {
    const period = options.period;
    if (!period) throw usage('publish needs --period.', 'For a month: tidemark publish --period 2025-06.');
    const acceptGuards = acceptedGuards(app, options);
    const { publish } = await import('../../steps/publish.ts');
    const result = await app.invoke({ step: 'publish', dataset: null, period: period.text }, ({ ctx }) =>
      publish(ctx, {
        period,
        ...(options.mart ? { mart: options.mart } : {}),
        ...(options.export ? { export: options.export as 'csv' } : {}),
        acceptGuards,
      }),
    );
    return { result };
  },
};
