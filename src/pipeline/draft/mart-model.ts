import { quoteName } from '../../sql/sql.ts';
import type { DatasetDraft } from './draft-dataset.ts';

export interface MartModel {
  readonly name: string;
  readonly text: string;
}

const MOST_MEASURES = 30;
/** Words with a meaning in SQL, so that a column of that name needs quotes. */
const RESERVED = new Set(
  (
    'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create ' +
    'current_date current_time default deferrable desc describe distinct do else end except exists false fetch filter ' +
    'for foreign from full grant group having in initially inner intersect into is isnull join lateral leading left ' +
    'like limit natural not notnull null offset on only or order outer over overlaps pivot placing primary qualify ' +
    'references returning right rows select show similar some summarize symmetric table then to trailing true union ' +
    'unique unpivot user using values variadic verbose when where window with'
  ).split(' '),
);

/**
 * A first mart for a drafted dataset: rows and sums by period, and by its first column with few different values. Sums
 * have no cast: a cast that fits this month's type would round when the field has more decimals.
 */
export function martModel(draft: DatasetDraft): MartModel {
  const name = `${draft.name}_by_period`.slice(0, 63);
  const dimension = draft.dimension;
  const columns = [
    '_data_period AS period',
    ...(dimension === null ? [] : [column(dimension)]),
    'count(*) AS row_count',
    ...draft.measures
      .slice(0, MOST_MEASURES)
      .map((field) => `sum(${column(field.name)}) AS ${column(field.name)}`),
  ];
  const grain = ['period', ...(dimension === null ? [] : [dimension])];
  const text = [
    `-- title: Rows and totals of ${draft.name} by period`,
    `-- grain: ${grain.join(', ')}`,
    '-- mode: full',
    `-- period: ${draft.periodKind === 'none' ? 'month' : draft.periodKind}`,
    `-- reads: core.${draft.name}`,
    '-- check has_rows: row_count > 0',
    'SELECT',
    columns.map((one) => `  ${one}`).join(',\n'),
    `FROM core.${column(draft.name)}`,
    `GROUP BY ${['_data_period', ...(dimension === null ? [] : [column(dimension)])].join(', ')}`,
    `ORDER BY 1 DESC${dimension === null ? '' : ', 2'}`,
    '',
  ].join('\n');
  return { name, text };
}

function column(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : quoteName(name);
}
