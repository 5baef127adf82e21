import type { PlannedColumn } from '../checks/planned-column.ts';
import type { ColumnProfile, ColumnShape } from '../reports/validation-report.ts';
import type { FieldType } from '../types/field-type.ts';
import { fieldType } from '../types/registry.ts';
import type { CheckedSource } from './checked-rows.ts';
import type { Scratch } from './scratch.ts';

/** Columns that get a plot; in wider files the first ones. */
const PLOTTED = 100;
const STEPS = 20;
/** Different values that are listed with their counts. */
const FEW = 12;
const VALUE_LENGTH = 40;

/**
 * How the accepted values of each column are distributed: numbers and dates in equal steps, few different values one by
 * one. Nothing for PII: the steps would show its smallest and largest value.
 */
export async function columnShapes(
  scratch: Scratch,
  { plan, relations, faults }: CheckedSource,
  profiles: readonly ColumnProfile[],
): Promise<ReadonlyMap<string, ColumnShape>> {
  const plots = plan.slice(0, PLOTTED).flatMap((column, i) => plotOf(column, profiles[i]) ?? []);
  const shapes = new Map<string, ColumnShape>();
  if (plots.length === 0) return shapes;
  const parts = plots.flatMap(({ column: { index: i }, x, few }) =>
    few
      ? [`histogram(left(v${i}::VARCHAR, ${VALUE_LENGTH})) AS h${i}`]
      : [`min(${x})::DOUBLE AS a${i}`, `max(${x})::DOUBLE AS z${i}`],
  );
  const accepted = `FROM ${relations.data} WHERE rid NOT IN (SELECT rid FROM ${faults.rejected})`;
  const found = await scratch.row<Record<string, unknown>>(`SELECT ${parts.join(', ')} ${accepted}`);
  const stepped: {
    readonly column: PlannedColumn;
    readonly from: number;
    readonly to: number;
    readonly x: string;
  }[] = [];
  for (const { column, x, few } of plots) {
    const { index: i, name } = column;
    if (few)
      shapes.set(name, { kind: 'values', values: inOrder(fieldType(column.field), counted(found[`h${i}`])) });
    const [from, to] = [Number(found[`a${i}`]), Number(found[`z${i}`])];
    if (!few && Number.isFinite(from) && Number.isFinite(to) && from < to)
      stepped.push({ column, from, to, x });
  }
  if (stepped.length === 0) return shapes;
  const steps = await scratch.row<Record<string, unknown>>(
    `SELECT ${stepped
      .map(({ column, from, to, x }) => {
        const step = `floor((${x} - (${from})::DOUBLE) / ${to - from}::DOUBLE * ${STEPS})`;
        return `histogram(least(${STEPS - 1}, greatest(0, ${step}))::INTEGER) AS h${column.index}`;
      })
      .join(', ')} ${accepted}`,
  );
  for (const { column, from, to } of stepped) {
    const counts = Array.from({ length: STEPS }, () => 0);
    for (const [step, count] of counted(steps[`h${column.index}`])) counts[Number(step)] = count;
    shapes.set(column.name, { kind: 'steps', from, to, counts });
  }
  return shapes;
}

function plotOf(column: PlannedColumn, profile: ColumnProfile | undefined) {
  const { axis, scale } = fieldType(column.field).compare;
  if (column.field.pii || profile === undefined || profile.filled === 0) return null;
  // Where every value occurs once, there is nothing to count.
  const few = profile.distinct !== null && profile.distinct <= FEW && profile.distinct < profile.filled;
  const v = `v${column.index}`;
  if (axis !== null && !few) return { column, x: axis(v), few: false };
  return few && scale !== 'document' ? { column, x: v, few: true } : null;
}

/** Dates and numbers are in their own order; texts with the most frequent first. */
function inOrder(
  { compare: { scale } }: FieldType,
  values: readonly (readonly [string, number])[],
): readonly (readonly [string, number])[] {
  if (scale === 'named') return values;
  return [...values].sort(([a], [b]) => (scale === 'measured' ? Number(a) - Number(b) : a < b ? -1 : 1));
}

/** A histogram made by the engine, the most frequent first. */
function counted(histogram: unknown): (readonly [string, number])[] {
  const entries = (histogram ?? []) as readonly { key: unknown; value: unknown }[];
  return entries
    .map(({ key, value }) => [String(key), Number(value)] as const)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
