import type { MeasureName } from '../domain/measure.ts';

/** A measure of a column as an aggregate that both engines know; a sum of nothing is 0. */
export function measureSql(of: MeasureName, column: string): string {
  switch (of) {
    case 'sum':
      return `coalesce(sum(${column}), 0)`;
    case 'distinct':
      return `count(DISTINCT ${column})`;
    case 'nulls':
      return `count(*) - count(${column})`;
    default:
      return `${of}(${column})`;
  }
}
