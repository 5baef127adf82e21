import type { Dataset } from '../domain/dataset.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import type { Finding } from '../domain/finding.ts';
import type { Judgement } from './judge.ts';
import { cellAddress, type Layout } from './layout.ts';
import { keepRawRows } from './raw-rows.ts';
import type { Rule } from './rule.ts';
import type { Scratch } from './scratch.ts';

/** Findings told one by one, a rule; the totals stay exact. */
export const SHOWN_PER_RULE = 1000;
/** And in all, so that a file with hundreds of faulty columns still has a report that opens. */
const SHOWN_IN_ALL = 50_000;
/** Longer values are cut in findings. */
const VALUE_LENGTH = 200;
export const MASK = '•••';

/** How often a rule was broken, exactly. */
export interface RuleTotal {
  readonly code: string;
  readonly rule: string;
  readonly severity: Finding['severity'];
  readonly field: string | null;
  /** A sentence without values. */
  readonly message: string;
  readonly count: number;
  /** Findings of it that are listed. */
  readonly shown: number;
}

export interface CollectedFindings {
  readonly totals: readonly RuleTotal[];
  /** By rule, then row. */
  readonly findings: readonly Finding[];
}

interface Sample {
  readonly rule: Rule;
  readonly rids: readonly number[];
}

/** Reads the first faults of each rule back, with their raw text, address and what was probably meant. */
export async function collectFindings(
  scratch: Scratch,
  dataset: Dataset,
  layout: Layout,
  judgement: Judgement,
): Promise<CollectedFindings> {
  const samples = await sampled(scratch, judgement);
  const shown = [...new Set(samples.flatMap((sample) => sample.rids))];
  if (shown.length > 0 || judgement.rows.rejected > 0)
    await keepRawRows(scratch, judgement.typed.scan, shown);
  const cells = shown.length === 0 ? new Map() : await rawCells(scratch, shown);
  const place = { dataset: dataset.name, file: layout.file, sheet: layout.sheet };
  const findings: Finding[] = [];
  for (const { rule, rids } of samples) {
    const meant = await suggestions(rule, rids, cells);
    for (const rid of rids) findings.push({ ...place, ...told(rule, cells.get(rid), layout, meant) });
  }
  const perRule = new Map(samples.map(({ rule, rids }) => [rule, rids.length]));
  const totals = judgement.faults.broken().map((rule) => ({
    code: rule.code,
    rule: rule.name,
    severity: rule.severity,
    field: fieldOf(rule),
    message: rule.summary,
    count: judgement.faults.count(rule),
    shown: perRule.get(rule) ?? 0,
  }));
  for (const { code, name, severity, field, message, fix } of judgement.tableFindings) {
    findings.push({ ...place, code, severity, cell: null, row: null, field, value: null, message, fix });
    totals.push({ code, rule: name, severity, field, message, count: 1, shown: 1 });
  }
  return { totals, findings };
}

async function sampled(scratch: Scratch, { faults }: Judgement): Promise<Sample[]> {
  const found = await scratch.rows<{ rule: number; rids: (string | number)[] }>(
    `SELECT rule, min(rid, ${SHOWN_PER_RULE}) AS rids FROM faults GROUP BY rule ORDER BY rule`,
  );
  let left = SHOWN_IN_ALL;
  return found.map(({ rule, rids }) => {
    const taken = rids.slice(0, left).map(Number);
    left -= taken.length;
    return { rule: faults.rules.get(Number(rule)), rids: taken };
  });
}

interface RawCells {
  readonly row: number;
  readonly cells: readonly (string | null)[];
}

async function rawCells(scratch: Scratch, rids: readonly number[]): Promise<Map<number, RawCells>> {
  const out = new Map<number, RawCells>();
  // In portions: wide rows of a long list would be a lot of text at once.
  for (let at = 0; at < rids.length; at += 5000) {
    const part = rids.slice(at, at + 5000).join(', ');
    const rows = await scratch.rows(`SELECT * EXCLUDE (kinds) FROM raw WHERE rid IN (${part})`);
    for (const { rid, r, ...cells } of rows) {
      out.set(Number(rid), {
        row: Number(r),
        cells: Object.values(cells as Record<string, string | null>).map(
          (text) => text?.slice(0, VALUE_LENGTH + 1) ?? null,
        ),
      });
    }
  }
  return out;
}

function fieldOf(rule: Rule): string | null {
  return rule.columns[0]?.name ?? null;
}

/** The value in the rule's cells as it stands in the file; null where there is none or several columns make no value. */
function rawValue(rule: Rule, raw: RawCells | undefined): string | null {
  if (rule.code === 'row-constraint' || rule.columns.length === 0) return null;
  const texts = rule.columns.map(({ source }) => (source === null ? null : (raw?.cells[source] ?? null)));
  if (texts.every((text) => text === null || text === '')) return null;
  const value = texts.map((text) => text ?? '').join(', ');
  return value.length > VALUE_LENGTH ? `${value.slice(0, VALUE_LENGTH)}…` : value;
}

function told(
  rule: Rule,
  raw: RawCells | undefined,
  layout: Layout,
  meant: ReadonlyMap<string, string>,
): Omit<Finding, 'dataset' | 'file' | 'sheet'> {
  const masked = rule.columns.some((column) => column.field.pii);
  const value = rawValue(rule, raw);
  const said = masked ? null : value;
  const suggestion = said === null ? undefined : meant.get(said);
  const fix = rule.fix(said);
  return {
    code: rule.code,
    severity: rule.severity,
    cell: raw === undefined ? null : addressOf(rule, raw, layout),
    row: raw?.row ?? null,
    field: rule.code === 'row-constraint' ? null : fieldOf(rule),
    value: masked && value !== null ? MASK : value,
    message: rule.message(said),
    fix: suggestion === undefined ? fix : `Did you mean '${suggestion}'? ${fix ?? ''}`.trim(),
  };
}

/** The cell a fault is in; for a whole row, its first cell that is read. */
function addressOf(rule: Rule, raw: RawCells, layout: Layout): string | null {
  if (rule.code === 'extra-cell') return cellAddress(layout, layout.headers.length, raw.row);
  const several = rule.code === 'row-constraint' && rule.columns.length > 1;
  if (several || rule.columns.length === 0) {
    const read = layout.mapping.filter(({ field }) => field !== null).map(({ column }) => column);
    return cellAddress(layout, read.length === 0 ? 0 : Math.min(...read), raw.row);
  }
  const source = rule.columns.find((column) => column.source !== null)?.source;
  return source === undefined || source === null ? null : cellAddress(layout, source, raw.row);
}

const MAX_DISTINCT = 200;

/** For each wrong value that is clearly one of the candidates misspelt, that candidate. Never asked for PII. */
async function suggestions(
  rule: Rule,
  rids: readonly number[],
  cells: ReadonlyMap<number, RawCells>,
): Promise<Map<string, string>> {
  const out = new Map<string, string>();
  if (rule.columns.some((column) => column.field.pii)) return out;
  const candidates = await rule.candidates();
  if (candidates.length === 0) return out;
  const values = new Set(rids.map((rid) => rawValue(rule, cells.get(rid))).filter((value) => value !== null));
  for (const value of [...values].slice(0, MAX_DISTINCT)) {
    const meant = didYouMean(value.trim(), candidates);
    if (meant !== null && meant !== value) out.set(value, meant);
  }
  return out;
}
