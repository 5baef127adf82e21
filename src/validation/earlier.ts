import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../domain/dataset.ts';
import type { Target } from '../domain/target.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { Project } from '../lake/project.ts';
import { type EarlierReport, lastPeriodBefore, lastValidatedBefore } from '../ledger/validations.ts';
import type { ColumnProfile } from '../reports/validation-report.ts';
import { ident, join as joinSql, type Sql, sql } from '../sql/sql.ts';
import { stageRowOf } from '../warehouse/slice-rows.ts';
import type { Session, Warehouse } from '../warehouse/warehouse.ts';
import { FINDING_IDS } from './findings/finding-ids.ts';
import type { LookUp } from './findings/last-values.ts';
import type { LastDelivery } from './findings/since-last.ts';

/** What came before a delivery, which its report tells beside its own findings. */
export interface EarlierDeliveries {
  /** The delivery of the same period that was validated before this one; null where there is none. */
  readonly last: LastDelivery | null;
  /** What the columns of the last period looked like, as its report keeps it; null where there is none. */
  readonly lastPeriod: { readonly period: string; readonly profile: readonly ColumnProfile[] } | null;
  /** Returns values of keys in the last period; null where none is loaded. */
  readonly lookUp: LookUp | null;
}

/** Reads the log of earlier deliveries. `lookUp` asks the warehouse later, only where values are suggested. */
export async function fetchEarlier(
  session: Session,
  { project, warehouse }: { readonly project: Project; readonly warehouse: Warehouse },
  dataset: Dataset,
  target: Target,
  delivery: { readonly fileId: number; readonly replyTo: number | null },
): Promise<EarlierDeliveries> {
  const last = await lastValidatedBefore(session, target, delivery.fileId);
  const before = target.period === 'none' ? null : await lastPeriodBefore(session, target);
  const profile = before && profileIn(join(project.root, before.reportsPath, 'findings.json'));
  return {
    last: last === null ? null : lastDelivery(project, last, delivery.replyTo),
    lastPeriod: before === null || profile === null ? null : { period: before.period, profile },
    lookUp: before === null ? null : lookUpIn(warehouse, dataset, target, before.period),
  };
}

/** Null where the report is gone, cut, or of a version that kept no profile. */
function profileIn(path: string): readonly ColumnProfile[] | null {
  try {
    const { profile } = JSON.parse(readFileSync(path, 'utf8')) as { profile?: unknown };
    return Array.isArray(profile) && profile.every(isProfile) ? profile : null;
  } catch {
    return null;
  }
}

function isProfile(one: Partial<ColumnProfile> | null): one is ColumnProfile {
  return typeof one?.name === 'string' && typeof one.filled === 'number' && typeof one.blank === 'number';
}

/** Null where its reports are gone: then this delivery is not compared with it. */
function lastDelivery(project: Project, report: EarlierReport, replyTo: number | null): LastDelivery | null {
  const folder = join(project.root, report.reportsPath);
  const ids = join(folder, FINDING_IDS);
  const none = Number(report.errors) + Number(report.warnings) === 0;
  if (!none && !existsSync(ids)) return null;
  const fileId = Number(report.fileId);
  return {
    fileId,
    idsPath: none ? null : ids,
    findingsPath: join(folder, 'findings.json'),
    sameRows: replyTo === fileId,
  };
}

/** Looks up values of the last period in stage, by key; if the database is busy, only suggestions are missing. */
function lookUpIn(warehouse: Warehouse, dataset: Dataset, target: Target, period: string): LookUp {
  return async (key, keys, columns) => {
    if (keys.length === 0 || columns.length === 0) return [];
    try {
      return await warehouse.read((session) =>
        lookedUp(session, dataset, { ...target, period }, key, keys, columns),
      );
    } catch (error) {
      if (error instanceof TidemarkError && error.exitCode === 5) return [];
      throw error;
    }
  };
}

async function lookedUp(
  session: Session,
  dataset: Dataset,
  { period, slice }: Target,
  key: readonly string[],
  keys: readonly (readonly string[])[],
  columns: readonly string[],
): ReturnType<LookUp> {
  const there = await session.columns({ schema: 'stage', name: dataset.name });
  const known = new Set((there ?? []).map(({ name }) => name));
  if (![...key, ...columns].every((name) => known.has(name))) return [];
  const text = (name: string) => sql`CAST(${ident(name)} AS VARCHAR)`;
  const joined = joinSql(key.map(text), ' || chr(31) || ');
  const asked = joinSql(
    keys.map((one) => sql`${one.join('\x1f')}`),
    ', ',
  );
  const tests: Sql[] = [stageRowOf(dataset, { period, slice }), sql`${joined} IN (${asked})`];
  const values = columns.map((name, i) => sql`${text(name)} AS ${ident(`v${i}`)}`);
  const rows = await session.query<Record<string, string | null>>(
    sql`SELECT ${joinSql([sql`${joined} AS k`, ...values], ', ')} FROM ${ident('stage', dataset.name)}
        WHERE ${joinSql(tests, ' AND ')}`,
  );
  return rows.map((row) => ({
    key: (row.k ?? '').split('\x1f'),
    values: columns.map((_, i) => row[`v${i}`] ?? null),
  }));
}
