import type { ColumnInfo } from '../warehouse/warehouse.ts';
import type { ColumnDifference } from './comparison.ts';

/** Columns that only one side has, and those with another type on the other side, in the order of the side after. */
export function schemaChanges(
  before: readonly ColumnInfo[],
  after: readonly ColumnInfo[],
  same: (one: string, two: string) => boolean = (one, two) => one === two,
): ColumnDifference[] {
  const had = new Map(before.map((column) => [column.name, column.type]));
  const has = new Set(after.map((column) => column.name));
  const changes: ColumnDifference[] = [];
  for (const { name, type } of after) {
    const earlier = had.get(name);
    if (earlier === undefined) changes.push({ change: 'added', column: name, before: null, after: type });
    else if (!same(earlier, type))
      changes.push({ change: 'type', column: name, before: earlier, after: type });
  }
  for (const { name, type } of before)
    if (!has.has(name)) changes.push({ change: 'removed', column: name, before: type, after: null });
  return changes;
}
