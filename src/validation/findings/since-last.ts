import { existsSync, readFileSync } from 'node:fs';
import type { ToldFinding } from '../../domain/finding.ts';
import type { SinceLastDelivery } from '../../reports/validation-report.ts';
import { literal } from '../../sql/sql.ts';
import type { Scratch } from '../scratch.ts';

/** The delivery of the same dataset, period and slice that was validated before this one. */
export interface LastDelivery {
  readonly fileId: number;
  /** Absolute; null where it had no errors and no warnings. */
  readonly idsPath: string | null;
  /** Absolute. */
  readonly findingsPath: string;
  /**
   * This delivery replies to it, so its rows have not moved: they are identified by their row number, even where a key
   * is fixed.
   */
  readonly sameRows: boolean;
}

/** Fixed problems that are listed one by one. */
const FIXED_TOLD = 1000;
const NOTHING = `(SELECT NULL::BIGINT AS rid, NULL::VARCHAR AS about, NULL::UBIGINT AS id WHERE false)`;

/** The mark by which problems are compared: the id, or for a reply the rule and row. */
export function markSql(sameRows: boolean): string {
  return sameRows
    ? `CASE WHEN rid IS NULL THEN id ELSE md5_number_lower(about || chr(30) || rid::VARCHAR) END`
    : 'id';
}

/**
 * Compares the ids of this delivery with those of the last one: exact counts of problems that are fixed, still open and
 * new. Several problems may share an id; then as many as there were before are still open.
 */
export async function compareWithLast(
  scratch: Scratch,
  ids: string | null,
  last: LastDelivery | null,
): Promise<SinceLastDelivery | null> {
  if (last === null || (last.idsPath !== null && !existsSync(last.idsPath))) return null;
  const counted = (path: string | null) => {
    const from = path === null ? NOTHING : `read_parquet(${literal(path)})`;
    return `SELECT about, ${markSql(last.sameRows)} AS mark, count(*) AS n FROM ${from} GROUP BY ALL`;
  };
  await scratch.run(
    `CREATE OR REPLACE TEMP TABLE held AS SELECT coalesce(now.about, last.about) AS about, mark,
       coalesce(now.n, 0) AS now_n, coalesce(last.n, 0) AS last_n
     FROM (${counted(ids)}) AS now FULL JOIN (${counted(last.idsPath)}) AS last USING (mark)`,
  );
  const found = await scratch.rows<{ about: string; fixed: string; open: string; new: string }>(
    `SELECT about, sum(greatest(last_n - now_n, 0)) AS fixed, sum(least(last_n, now_n)) AS open,
       sum(greatest(now_n - last_n, 0)) AS "new" FROM held GROUP BY about ORDER BY about`,
  );
  const rules = found.map((row) => {
    const [code = '', rule = '', field = null] = JSON.parse(row.about) as [string, string, string | null];
    return { code, rule, field, fixed: Number(row.fixed), stillOpen: Number(row.open), new: Number(row.new) };
  });
  const sum = (of: 'fixed' | 'stillOpen' | 'new') => rules.reduce((all, one) => all + one[of], 0);
  const fixed = sum('fixed');
  return {
    fileId: last.fileId,
    fixed,
    stillOpen: sum('stillOpen'),
    new: sum('new'),
    rules,
    fixedFindings: fixed === 0 ? [] : await fixedFindings(scratch, last),
  };
}

/** How often each of these marks was in the last delivery. */
export async function timesBefore(scratch: Scratch, marks: readonly string[]): Promise<Map<string, number>> {
  const out = new Map<string, number>();
  for (let at = 0; at < marks.length; at += 10_000) {
    const part = marks.slice(at, at + 10_000).map((mark) => `(${BigInt(`0x${mark}`)}::UBIGINT)`);
    const rows = await scratch.rows<{ mark: string; n: string }>(
      `SELECT mark, last_n AS n FROM held SEMI JOIN (VALUES ${part.join(', ')}) AS asked(mark) USING (mark) WHERE last_n > 0`,
    );
    for (const { mark, n } of rows) out.set(hexId(mark), Number(n));
  }
  return out;
}

export function hexId(id: string | number): string {
  return BigInt(id).toString(16).padStart(16, '0');
}

/** The first problems of the last delivery that are gone, as its report described them. */
async function fixedFindings(scratch: Scratch, last: LastDelivery): Promise<readonly ToldFinding[]> {
  const told = readFindings(last.findingsPath);
  if (told.length === 0 || last.idsPath === null) return [];
  const marks = `SELECT DISTINCT id, ${markSql(last.sameRows)} AS mark FROM read_parquet(${literal(last.idsPath)})`;
  const rows = await scratch.rows<{ id: string; n: string }>(
    `SELECT id, sum(least(last_n, now_n)) AS n FROM (${marks}) JOIN held USING (mark)
     GROUP BY id HAVING sum(last_n) > sum(least(last_n, now_n)) LIMIT 200000`,
  );
  const left = new Map(rows.map(({ id, n }) => [hexId(id), Number(n)]));
  const out: ToldFinding[] = [];
  const seen = new Map<string, number>();
  for (const finding of told) {
    const [id = ''] = finding.id.split('-');
    const times = (seen.get(id) ?? 0) + 1;
    seen.set(id, times);
    const stays = left.get(id);
    if (stays === undefined || times <= stays || finding.severity === 'info') continue;
    out.push({ ...finding, since: 'fixed' });
    if (out.length === FIXED_TOLD) break;
  }
  return out;
}

/** The findings of an earlier report; empty where it is gone, cut or of another version: the counts do not need it. */
function readFindings(path: string): readonly ToldFinding[] {
  try {
    const { findings } = JSON.parse(readFileSync(path, 'utf8')) as { findings?: unknown };
    return Array.isArray(findings) ? findings.flatMap(asTold) : [];
  } catch {
    return [];
  }
}

function asTold(written: unknown): ToldFinding[] {
  const one = written as Record<string, unknown>;
  const texts = [one?.id, one?.code, one?.message].every((text) => typeof text === 'string');
  if (!texts) return [];
  const { hidden_by: hiddenBy = null, key = null, ...rest } = one;
  return [
    { ...rest, hiddenBy, key: key === null ? null : Object.entries(key as object) } as unknown as ToldFinding,
  ];
}
