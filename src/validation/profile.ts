import type { EngineRow } from '../checks/engine.ts';
import type { PlannedColumn } from '../checks/planned-column.ts';
import type { ColumnProfile, ReportedColumn } from '../reports/validation-report.ts';
import { literal } from '../sql/sql.ts';
import { fieldType } from '../types/registry.ts';
import type { CheckedSource } from './checked-rows.ts';
import { MASK } from './collect-findings.ts';
import { columnShapes } from './column-shapes.ts';
import type { Scratch } from './scratch.ts';

/** Above this many rows the file's own statistics are used: they cost nothing, and do not count distinct values. */
const EXACT_ROWS = 200_000;
/** Columns per statement: counting distinct values takes memory for each column. */
const COUNTED_AT_ONCE = 32;

export async function profileColumns(
  scratch: Scratch,
  checked: CheckedSource,
  cleaned: string | null,
): Promise<ColumnProfile[]> {
  const { plan, rows } = checked;
  if (plan.length === 0 || rows.accepted === 0) return [];
  if (cleaned !== null && rows.accepted > EXACT_ROWS)
    return fromStatistics(scratch, plan, cleaned, rows.accepted);
  const profiles = await exact(scratch, checked);
  if (rows.accepted > EXACT_ROWS) return profiles;
  const shapes = await columnShapes(scratch, checked, profiles);
  return profiles.map((one) => ({ ...one, shape: shapes.get(one.name) ?? null }));
}

/** The profile beside that of the last period, which comes from its findings.json, column by column. */
export function besideLast(
  profile: readonly ColumnProfile[],
  last: readonly ColumnProfile[] | null,
): ReportedColumn[] {
  const byName = new Map((last ?? []).map((one) => [one.name, one]));
  return profile.map((one) => {
    const before = byName.get(one.name);
    return { ...one, last: before?.type === one.type ? before : null };
  });
}

async function exact(scratch: Scratch, checked: CheckedSource): Promise<ColumnProfile[]> {
  const { plan, rows } = checked;
  const found: EngineRow = {};
  for (let at = 0; at < plan.length; at += COUNTED_AT_ONCE)
    Object.assign(found, await counted(scratch, checked, plan.slice(at, at + COUNTED_AT_ONCE)));
  return plan.map((column) => {
    const i = column.index;
    const filled = Number(found[`n${i}`]);
    const distinct = found[`d${i}`] === null ? null : Number(found[`d${i}`]);
    return described(column, rows.accepted, filled, distinct, found[`a${i}`], found[`z${i}`]);
  });
}

async function counted(
  scratch: Scratch,
  { rows: { accepted }, typed: { source }, dataRows, faults }: CheckedSource,
  columns: readonly PlannedColumn[],
): Promise<EngineRow> {
  const parts = columns.map((column) => {
    const { index: i, field } = column;
    const own = source.value(column);
    const value = fieldType(field).compare.scale === 'document' ? `${own}::VARCHAR` : own;
    return `count(${own}) AS n${i}, ${accepted > EXACT_ROWS ? 'NULL' : `count(DISTINCT ${value})`} AS d${i}, min(${value})::VARCHAR AS a${i}, max(${value})::VARCHAR AS z${i}`;
  });
  const from = source.from(new Set(columns.map(({ index }) => index)));
  const tests = [...dataRows, `rid NOT IN (SELECT rid FROM ${faults.rejected})`];
  return scratch.row(`SELECT ${parts.join(', ')} FROM ${from} WHERE ${tests.join(' AND ')}`);
}

async function fromStatistics(
  scratch: Scratch,
  plan: readonly PlannedColumn[],
  path: string,
  accepted: number,
): Promise<ColumnProfile[]> {
  const rows = await scratch.rows<{
    name: string;
    nulls: string | null;
    lows: (string | null)[];
    highs: (string | null)[];
  }>(
    `SELECT path_in_schema AS name, sum(stats_null_count) AS nulls, list(stats_min_value) AS lows, list(stats_max_value) AS highs
     FROM parquet_metadata(${literal(path)}) GROUP BY ALL`,
  );
  const byName = new Map(rows.map((row) => [row.name, row]));
  return plan.map((column) => {
    const stats = byName.get(column.name);
    const numeric = fieldType(column.field).compare.scale === 'measured';
    const order = (a: string, b: string) => (numeric ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0);
    const sorted = (values: (string | null)[] | undefined) =>
      (values ?? []).filter((one) => one !== null).sort(order);
    const filled = accepted - Number(stats?.nulls ?? 0);
    return described(column, accepted, filled, null, sorted(stats?.lows)[0], sorted(stats?.highs).at(-1));
  });
}

function described(
  { name, field }: PlannedColumn,
  accepted: number,
  filled: number,
  distinct: number | null,
  low: unknown,
  high: unknown,
): ColumnProfile {
  const shown = (value: unknown) =>
    value === null || value === undefined ? null : field.pii ? MASK : String(value).slice(0, 60);
  return {
    name,
    title: field.title,
    type: field.type,
    filled,
    blank: accepted - filled,
    distinct,
    min: shown(low),
    max: shown(high),
    shape: null,
  };
}
