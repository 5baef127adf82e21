import { labelOf } from '../checks/planned-column.ts';
import type { Rule } from '../checks/rule.ts';
import { type Problem, type ProblemList, ruleKey } from '../reports/problem-list.ts';
import type { CheckedSource } from './checked-rows.ts';
import { SHOWN_PER_RULE } from './collect-findings.ts';
import { Suggestions } from './findings/suggestions.ts';
import type { Layout } from './layout.ts';
import { type CheckedWithRaw, type RawRowsKept, rawCells } from './raw-rows.ts';
import type { RowOrigin } from './row-origin.ts';
import type { Scratch } from './scratch.ts';

/** Problems listed in the workbooks for analysts; nobody works through a longer list by hand. */
const LISTED = 10_000;
/** Limits on rows given in full, and on their cells: what a workbook that opens quickly can hold. */
const ROWS = 5000;
const ROW_CELLS = 200_000;
/** Limit on cells of the rows that are read; of very wide files fewer rows are listed. */
const READ_CELLS = 2_000_000;
const LONGEST = 2000;
/** Full rows that are read at a time. */
const PORTION = 1000;

interface RawRow {
  readonly row: number;
  /** By column of the file; for a row that is not full, only the columns of its problems. */
  readonly cells: readonly (string | null)[];
  readonly full: boolean;
}

/**
 * Errors and warnings with their cells, values in clear, for the workbooks that only the analyst gets. Null where there
 * are none. Needs the raw rows that `collectFindings` kept.
 */
export async function collectProblems(
  scratch: Scratch,
  layout: Layout,
  checked: CheckedWithRaw,
): Promise<ProblemList | null> {
  const { error, warning } = checked.findings;
  if (error + warning === 0) return null;
  const listed = new Map<string, number>();
  const problems: Problem[] = [];
  for (const { code, name, severity, field, message, fix } of checked.tableFindings) {
    if (severity === 'info') continue;
    const about = { cell: null, column: null, row: null, label: null, value: null, suggestion: null };
    problems.push({ ...about, severity, field, message, fix });
    listed.set(ruleKey({ code, rule: name, field }), 1);
  }
  const rules = checked.faults.broken().filter(({ severity }) => severity !== 'info');
  const all = rules.length === 0 ? [] : await pickFaults(scratch, checked, rules);
  const { width } = checked.typed.scan;
  const picked = inFirstRows(all, Math.ceil(READ_CELLS / Math.max(1, width)));
  const rows = await rawRows(scratch, checked.raw, width, picked);
  const suggestions = new Suggestions();
  for (const { rule, rid } of picked) {
    const row = rows.get(rid);
    if (row === undefined) continue;
    const problem = problemOf(rule, row, checked.origin);
    const { meant } = await suggestions.of(rule, problem.value, null);
    problems.push({ ...problem, suggestion: isAboutRow(rule) ? null : meant });
    const key = ruleKey({ code: rule.code, rule: rule.name, field: rule.columns[0]?.name ?? null });
    listed.set(key, (listed.get(key) ?? 0) + 1);
  }
  const ids = rules.map((rule) => rule.id).join(', ') || 'NULL';
  return {
    total: error + warning,
    problems,
    headers: layout.headers,
    rows: [...rows.values()].filter(({ full }) => full).map(({ row, cells }) => ({ row, cells })),
    rowsInAll: await scratch.count(
      `SELECT count(DISTINCT rid) FROM ${checked.faults.relation} WHERE rule IN (${ids})`,
    ),
    listed,
  };
}

interface Picked {
  readonly rule: Rule;
  readonly rid: number;
}

/** The first faults of every rule, each rule with a fair share of the list, by row. */
async function pickFaults(
  scratch: Scratch,
  { faults }: CheckedSource,
  rules: readonly Rule[],
): Promise<Picked[]> {
  const found = await scratch.rows<{ rule: number; rids: (string | number)[] }>(
    `SELECT rule, min(rid, ${LISTED}) AS rids FROM ${faults.relation} WHERE rule IN (${rules.map(({ id }) => id).join(', ')}) GROUP BY rule`,
  );
  // For rows that are not rejected, only the raw text that the report shows was kept.
  for (const one of found) {
    if (faults.rules.get(Number(one.rule)).severity !== 'error') one.rids.splice(SHOWN_PER_RULE);
  }
  const byLength = [...found].sort((a, b) => a.rids.length - b.rids.length);
  const picked: Picked[] = [];
  let left = LISTED;
  byLength.forEach(({ rule, rids }, i) => {
    const share = Math.floor(left / (byLength.length - i));
    for (const rid of rids.slice(0, share))
      picked.push({ rule: faults.rules.get(Number(rule)), rid: Number(rid) });
    left -= Math.min(share, rids.length);
  });
  return picked.sort((a, b) => a.rid - b.rid || a.rule.id - b.rule.id);
}

function inFirstRows(picked: readonly Picked[], rows: number): readonly Picked[] {
  const first = new Set([...new Set(picked.map(({ rid }) => rid))].slice(0, rows));
  return picked.filter(({ rid }) => first.has(rid));
}

/**
 * Raw text of the rows, in order: of all cells where there is room, in later rows of the cells that their problems
 * need.
 */
async function rawRows(
  scratch: Scratch,
  raw: RawRowsKept | null,
  width: number,
  picked: readonly Picked[],
): Promise<Map<number, RawRow>> {
  if (raw === null) return new Map();
  const rids = [...new Set(picked.map(({ rid }) => rid))];
  const room = Math.min(ROWS, Math.floor(ROW_CELLS / Math.max(1, width)));
  const out = new Map<number, RawRow>();
  for (let at = 0; at < Math.min(room, rids.length); at += PORTION) {
    const part = rids.slice(at, Math.min(at + PORTION, room)).join(', ');
    const rows = await scratch.rows<{ rid: string; r: string; cells: (string | null)[] }>(
      `SELECT rid, r, list_transform(cells, lambda c: left(c, ${LONGEST + 1})) AS cells FROM ${raw.relation} WHERE rid IN (${part}) ORDER BY rid`,
    );
    for (const { rid, r, cells } of rows) out.set(Number(rid), { row: Number(r), cells, full: true });
  }
  const needed = new Map(rids.slice(room).map((rid) => [rid, new Set<number>()]));
  for (const { rule, rid } of picked)
    for (const { source } of rule.columns) if (source !== null) needed.get(rid)?.add(source);
  const rest = await rawCells(scratch, raw, needed, LONGEST + 1);
  for (const rid of needed.keys()) {
    const row = rest.get(rid);
    if (row !== undefined) out.set(rid, { ...row, full: false });
  }
  return out;
}

function problemOf(rule: Rule, raw: RawRow, origin: RowOrigin): Omit<Problem, 'suggestion'> {
  const whole = isAboutRow(rule);
  const column = whole ? undefined : rule.columns.find(({ source }) => source !== null);
  const source = column?.source ?? null;
  const value = source === null ? null : raw.cells[source] || null;
  return {
    severity: rule.severity === 'error' ? 'error' : 'warning',
    cell: source === null ? null : origin.address(source, raw.row),
    column: source ?? 0,
    row: raw.row,
    field: whole ? null : (rule.columns[0]?.name ?? null),
    label: column === undefined ? null : labelOf(column.field),
    value,
    message: rule.message(value, raw.row),
    fix: rule.fix(value),
  };
}

/** Any of several cells may be the cause: no single cell can be corrected. */
function isAboutRow(rule: Rule): boolean {
  return rule.code === 'row-constraint' || rule.columns.every(({ source }) => source === null);
}
