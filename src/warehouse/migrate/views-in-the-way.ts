import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { TableRef } from '../warehouse.ts';
import type { ViewInTheWay } from './remade-views.ts';

interface Blocked {
  readonly table: TableRef;
  readonly inTheWay: readonly ViewInTheWay[];
  readonly others: readonly string[];
}

/** Throws `migration-needed` where columns cannot change under what reads them: all of it at once, with what to run. */
export function refuseViews(tables: readonly Blocked[]): void {
  const blocked = tables.filter(({ inTheWay, others }) => inTheWay.length + others.length > 0);
  if (blocked.length === 0) return;
  // One view may read several of the tables.
  const views = [
    ...new Map(blocked.flatMap(({ inTheWay }) => inTheWay.map((one) => [one.name, one] as const))).values(),
  ];
  const others = [...new Set(blocked.flatMap((one) => one.others))];
  const names = blocked.map(({ table }) => `${table.schema}.${table.name}`);
  const told = [...views.map(({ kind, name, owner }) => `${kind} ${name} of ${owner}`), ...others];
  throw new TidemarkError('migration-needed', {
    message:
      `Columns of ${names.join(' and ')} get another type, and the server changes no column that these read: ` +
      `${told.join('; ')}. Nothing was changed.`,
    hint: [
      'Have their owner take them away, run the same command again, then have them made again.',
      ...(others.length === 0 ? [] : [`Without a command here: ${others.join('; ')}.`]),
      ...views.toReversed().map(({ drop }) => `${drop.text};`),
      '-- then, when the columns are changed:',
      ...views.flatMap(({ make }) => make.map((statement) => `${statement.text};`)),
    ].join('\n'),
  });
}
