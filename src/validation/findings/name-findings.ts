import { createHash } from 'node:crypto';
import type { Rule } from '../../checks/rule.ts';
import type { ToldFinding } from '../../domain/finding.ts';
import { ruleKey } from '../../reports/problem-list.ts';
import { literal } from '../../sql/sql.ts';
import type { Scratch } from '../scratch.ts';
import { aboutRule } from './finding-ids.ts';
import { hexId, type LastDelivery, markSql, timesBefore } from './since-last.ts';

/** A finding and what identifies it until it has its id; without row and rule where it is about the whole file. */
export interface Unnamed {
  readonly rid: number | null;
  readonly rule: Rule | null;
  readonly finding: Omit<ToldFinding, 'id' | 'since' | 'hiddenBy'>;
}

/**
 * Gives findings their ids, says which were in the last delivery too, and which depend on another finding about the
 * same cell. Of several findings with one id, the later ones get a number at the end.
 */
export async function nameFindings(
  scratch: Scratch,
  ids: string | null,
  told: readonly Unnamed[],
  last: LastDelivery | null,
): Promise<ToldFinding[]> {
  const written =
    ids === null ? new Map<string, Written>() : await writtenIds(scratch, ids, told, last?.sameRows === true);
  const bare = told.map((one) => {
    const id = ownId(one);
    return written.get(placeOf(one)) ?? { id, mark: id };
  });
  const before =
    last === null ? null : await timesBefore(scratch, [...new Set(bare.map(({ mark }) => mark))]);
  const times = new Map<string, number>();
  const count = (what: string) => {
    times.set(what, (times.get(what) ?? 0) + 1);
    return times.get(what) as number;
  };
  const named = told.map(({ finding }, i) => {
    const { id, mark } = bare[i] as Written;
    const nth = count(id);
    const stood = (before?.get(mark) ?? 0) >= (mark === id ? nth : count(mark));
    const since = before === null || finding.severity === 'info' ? null : stood ? 'still open' : 'new';
    return { ...finding, id: nth === 1 ? id : `${id}-${nth}`, since, hiddenBy: null } as const;
  });
  const hiders = hidersOf(told);
  return named.map((one, i) => {
    const hider = hiders[i];
    return hider === undefined || hider === null ? one : { ...one, hiddenBy: named[hider]?.id ?? null };
  });
}

function placeOf({ rid, rule, finding }: Unnamed): string {
  return rid === null || rule === null ? ruleKey(finding) : `${rid} ${rule.id}`;
}

/** Findings of severity info are not compared with other deliveries; they still have an id. */
function ownId({ rule, finding }: Unnamed): string {
  const about = rule === null ? ruleKey(finding) : aboutRule(rule);
  const where = JSON.stringify([finding.key, finding.cell === null ? null : finding.value]);
  return createHash('md5').update(about).update(where).digest('hex').slice(0, 16);
}

/** An id, and the mark by which it is compared with the last delivery. */
interface Written {
  readonly id: string;
  readonly mark: string;
}

async function writtenIds(
  scratch: Scratch,
  path: string,
  told: readonly Unnamed[],
  sameRows: boolean,
): Promise<Map<string, Written>> {
  const out = new Map<string, Written>();
  const file = `read_parquet(${literal(path)})`;
  type Row = { rid: string | null; rule: string | null; about: string; id: string; mark: string };
  const select = `SELECT rid, rule, about, id, ${markSql(sameRows)} AS mark FROM ${file}`;
  const keep = ({ rid, rule, about, id, mark }: Row) =>
    out.set(rid === null ? about : `${rid} ${rule}`, { id: hexId(id), mark: hexId(mark) });
  for (const row of await scratch.rows<Row>(`${select} WHERE rid IS NULL`)) keep(row);
  const rids = [...new Set(told.flatMap(({ rid }) => rid ?? []))];
  for (let at = 0; at < rids.length; at += 10_000) {
    const values = rids.slice(at, at + 10_000).map((rid) => `(${rid}::BIGINT)`);
    const asked = `(VALUES ${values.join(', ')}) AS asked(rid)`;
    for (const row of await scratch.rows<Row>(`${select} SEMI JOIN ${asked} USING (rid)`)) keep(row);
  }
  return out;
}

/**
 * By position in the list: the finding that has to be fixed first. Of several findings about one cell, the first one
 * hides the others, an error before a warning.
 */
function hidersOf(told: readonly Unnamed[]): (number | null)[] {
  const first = new Map<string, number>();
  const place = (one: Unnamed) => {
    const [column, second] = one.rule?.columns ?? [];
    return column === undefined || second !== undefined || one.rid === null
      ? null
      : `${one.rid} ${column.index}`;
  };
  const order = { error: 0, warning: 1, info: 2 };
  told.forEach((one, i) => {
    const at = place(one);
    if (at === null) return;
    const before = told[first.get(at) ?? i] as Unnamed;
    if (!first.has(at) || order[one.finding.severity] < order[before.finding.severity]) first.set(at, i);
  });
  return told.map((one, i) => {
    const at = place(one);
    const hider = at === null ? undefined : first.get(at);
    return hider === undefined || hider === i ? null : hider;
  });
}
