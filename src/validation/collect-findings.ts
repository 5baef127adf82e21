import type { PlannedColumn } from '../checks/planned-column.ts';
import type { Rule } from '../checks/rule.ts';
import type { Dataset } from '../domain/dataset.ts';
import type { ToldFinding } from '../domain/finding.ts';
import type { ReportedTotal, SinceLastDelivery } from '../reports/validation-report.ts';
import type { CheckedSource } from './checked-rows.ts';
import { writeFindingIds } from './findings/finding-ids.ts';
import { groupedFindings, Identical } from './findings/identical.ts';
import type { LastValues } from './findings/last-values.ts';
import { nameFindings, type Unnamed } from './findings/name-findings.ts';
import { compareWithLast, type LastDelivery } from './findings/since-last.ts';
import { Suggestions } from './findings/suggestions.ts';
import { RAW_LENGTH, rawValue, toldFinding } from './findings/told-finding.ts';
import type { Layout } from './layout.ts';
import { type CheckedWithRaw, keepRawRows, type RawRowsKept, rawCells } from './raw-rows.ts';
import type { Scratch } from './scratch.ts';

export { MASK } from './findings/told-finding.ts';

/** Findings listed per rule; the totals stay exact. */
export const SHOWN_PER_RULE = 1000;
/** Findings listed in all, so that even a file with hundreds of faulty columns has a report that opens. */
const SHOWN_IN_ALL = 50_000;

/** How often a rule was broken, exactly; its `message` is a sentence without values. */
export type RuleTotal = ReportedTotal;

export interface CollectedFindings {
  readonly totals: readonly RuleTotal[];
  /** By rule, then row. */
  readonly findings: readonly ToldFinding[];
  readonly sinceLast: SinceLastDelivery | null;
  /** Parquet file in the scratch folder with the id of every error and warning; null where there is none. */
  readonly ids: string | null;
  /** Null where no row is rejected or shown. */
  readonly raw: RawRowsKept | null;
}

export interface CollectInput {
  readonly dataset: Dataset;
  readonly layout: Layout;
  readonly last: LastDelivery | null;
  readonly lastValues: LastValues;
}

interface Sample {
  readonly rule: Rule;
  readonly rids: readonly number[];
}

/** Reads the first faults of each rule, with their raw text, address, id and suggestions. */
export async function collectFindings(
  scratch: Scratch,
  input: CollectInput,
  checked: CheckedSource,
): Promise<CollectedFindings> {
  const { dataset } = input;
  const samples = await sampled(scratch, checked);
  const shown = [...new Set(samples.flatMap((sample) => sample.rids))];
  const raw =
    shown.length > 0 || checked.rows.rejected > 0 ? await keepRawRows(scratch, checked, shown) : null;
  const ids = await writeFindingIds(scratch, dataset, checked, raw);
  const sinceLast = await compareWithLast(scratch, ids, input.last);
  const told = [
    ...(await rowFindings(scratch, input, { ...checked, raw }, samples)),
    ...tableFindings(input, checked),
  ];
  const findings = await nameFindings(scratch, ids, told, sinceLast === null ? null : input.last);
  return {
    totals: await totalsOf(scratch, { ...checked, raw }, samples, findings),
    findings,
    sinceLast,
    ids,
    raw,
  };
}

async function sampled(scratch: Scratch, { faults }: CheckedSource): Promise<Sample[]> {
  const found = await scratch.rows<{ rule: number; rids: (string | number)[] }>(
    `SELECT rule, min(rid, ${SHOWN_PER_RULE}) AS rids FROM ${faults.relation} GROUP BY rule ORDER BY rule`,
  );
  let left = SHOWN_IN_ALL;
  return found.map(({ rule, rids }) => {
    const taken = rids.slice(0, left).map(Number);
    left -= taken.length;
    return { rule: faults.rules.get(Number(rule)), rids: taken };
  });
}

async function rowFindings(
  scratch: Scratch,
  { dataset, layout, lastValues }: CollectInput,
  checked: CheckedWithRaw,
  samples: readonly Sample[],
): Promise<Unnamed[]> {
  const key = dataset.primaryKey.flatMap((name) => checked.plan.find((one) => one.name === name) ?? []);
  const rows = await rawCells(scratch, checked.raw, toldCells(samples, key), RAW_LENGTH + 1);
  const before = await lastValues.of(scratch, checked.relations, key, samples);
  const suggestions = new Suggestions();
  const out: Unnamed[] = [];
  for (const { rule, rids } of samples) {
    for (const rid of rids) {
      const raw = rows.get(rid);
      const bare = toldFinding(rule, raw, key, { dataset, layout, origin: checked.origin });
      const last = before(rid, rule.columns[0]?.name ?? null);
      const { all, meant, before: lastValue } = await suggestions.of(rule, rawValue(rule, raw), last);
      const fix = rule.code === 'type-error' ? bare.fix : withMeant(bare.fix, meant);
      out.push({ rid, rule, finding: { ...bare, suggestions: all, lastValue, fix } });
    }
  }
  return out;
}

function withMeant(fix: string | null, meant: string | null): string | null {
  return meant === null ? fix : `Did you mean '${meant}'? ${fix ?? ''}`.trim();
}

/** The cells that are shown of a row: those with faults, and its key. */
function toldCells(
  samples: readonly Sample[],
  key: readonly PlannedColumn[],
): Map<number, ReadonlySet<number>> {
  const out = new Map<number, Set<number>>();
  const sources = (columns: readonly PlannedColumn[]) => columns.flatMap(({ source }) => source ?? []);
  const keys = sources(key);
  for (const { rule, rids } of samples) {
    for (const rid of rids) {
      const known = out.get(rid) ?? new Set(keys);
      for (const source of sources(rule.columns)) known.add(source);
      out.set(rid, known);
    }
  }
  return out;
}

function tableFindings({ dataset, layout }: CollectInput, checked: CheckedSource): Unnamed[] {
  return checked.tableFindings.map((one) => {
    const { code, name, severity, field, message, fix, cell = null, row = null, value: shown = null } = one;
    const place = {
      dataset: dataset.name,
      file: layout.file,
      sheet: layout.sheet,
      cell,
      cells: cell === null ? [] : [cell],
      row,
    };
    const value = { key: null, value: shown, raw: shown, expected: null, suggestions: [], lastValue: null };
    const finding = { ...place, ...value, code, rule: name, severity, field, message, fix };
    return { rid: null, rule: null, finding };
  });
}

/** In the order of the findings, so that each total is followed by `shown` of them. */
async function totalsOf(
  scratch: Scratch,
  checked: CheckedWithRaw,
  samples: readonly Sample[],
  findings: readonly ToldFinding[],
): Promise<RuleTotal[]> {
  const identical = new Identical(scratch, checked);
  const shown = new Map<Rule, readonly ToldFinding[]>();
  let at = 0;
  for (const { rule, rids } of samples) {
    shown.set(rule, findings.slice(at, at + rids.length));
    at += rids.length;
  }
  const totals: RuleTotal[] = [];
  for (const rule of checked.faults.broken()) {
    const own = shown.get(rule) ?? [];
    totals.push({
      code: rule.code,
      rule: rule.name,
      severity: rule.severity,
      field: rule.columns[0]?.name ?? null,
      message: rule.summary,
      count: checked.faults.count(rule),
      shown: own.length,
      groups: await identical.of(rule, own),
    });
  }
  return [
    ...totals,
    ...findings.slice(at).map(({ code, rule, severity, field, message }, i) => ({
      ...{ code, rule, severity, field, message },
      count: 1,
      shown: 1,
      groups: groupedFindings(findings.slice(at + i, at + i + 1)),
    })),
  ];
}
