import type { Rule } from '../../checks/rule.ts';
import type { ToldFinding } from '../../domain/finding.ts';
import type { FindingGroup } from '../../reports/validation-report.ts';
import { type CheckedWithRaw, rawCell } from '../raw-rows.ts';
import type { Scratch } from '../scratch.ts';
import { cutValue, VALUE_LENGTH } from './told-finding.ts';

/** Groups listed per rule, and cells per group. */
const GROUPS = 50;
const CELLS = 200;
/** Rules whose groups are counted in the engine: each costs a pass over its faults. */
const COUNTED_RULES = 100;

/** Findings that say the same, put together: from the listed ones where these are all, else counted in the engine. */
export class Identical {
  readonly #scratch: Scratch;
  readonly #checked: CheckedWithRaw;
  #counted = 0;

  constructor(scratch: Scratch, checked: CheckedWithRaw) {
    this.#scratch = scratch;
    this.#checked = checked;
  }

  async of(rule: Rule, findings: readonly ToldFinding[]): Promise<readonly FindingGroup[]> {
    const told = groupedFindings(findings);
    const count = this.#checked.faults.count(rule);
    if (findings.length === 0 || findings.length >= count) return told.slice(0, GROUPS);
    const [only] = told;
    if (told.length === 1 && only !== undefined && !this.#hasValue(rule)) return [{ ...only, count }];
    if (!this.#hasValue(rule) || this.#counted >= COUNTED_RULES) return told.slice(0, GROUPS);
    this.#counted += 1;
    return this.#fromEngine(rule, told);
  }

  #hasValue(rule: Rule): boolean {
    const [column, second] = rule.columns;
    return (
      column !== undefined &&
      second === undefined &&
      column.source !== null &&
      !column.field.pii &&
      rule.code !== 'row-constraint'
    );
  }

  /** Raw text is kept only for rejected rows; for the others the typed value is used. */
  async #fromEngine(rule: Rule, told: readonly FindingGroup[]): Promise<readonly FindingGroup[]> {
    const [column] = rule.columns as readonly [Rule['columns'][number]];
    const source = column.source as number;
    const { raw, relations, faults, origin } = this.#checked;
    const kept = rule.severity === 'error' ? raw : null;
    const table = kept?.relation ?? relations.data;
    const text = kept === null ? `${table}.v${column.index}::VARCHAR` : rawCell(kept, source);
    const value = `coalesce(left(${text}, ${VALUE_LENGTH + 1}), '')`;
    const from = `${faults.relation} f JOIN ${table} ON ${table}.rid = f.rid WHERE f.rule = ${rule.id}`;
    // Counted by hash: as many different long texts as there are rows would not fit into memory.
    await this.#scratch.run(
      `CREATE OR REPLACE TEMP TABLE frequent AS SELECT md5_number_lower(${value}) AS hash, count(*) AS n, min(f.rid) AS first
       FROM ${from} GROUP BY 1 ORDER BY n DESC, first LIMIT ${GROUPS}`,
    );
    const rows = await this.#scratch.rows<{ value: string; n: string; rows: (string | number)[] }>(
      `SELECT any_value(x.value) AS value, any_value(t.n) AS n, min(x.r, ${CELLS}) AS rows
       FROM frequent t JOIN (SELECT ${table}.r AS r, ${value} AS value FROM ${from}) AS x
         ON md5_number_lower(x.value) = t.hash
       GROUP BY t.hash ORDER BY any_value(t.n) DESC, any_value(t.first)`,
    );
    const known = new Map(told.map((group) => [group.value ?? '', group]));
    return rows.map(({ value: text, n, rows: at }) => {
      const shown = text === '' ? null : cutValue(text);
      const group = known.get(shown ?? '');
      return {
        value: shown,
        message: group?.message ?? rule.message(shown),
        fix: group?.fix ?? rule.fix(shown),
        suggestions: group?.suggestions ?? [],
        // The values of rows that are not listed are not known.
        lastValue: group !== undefined && group.count === Number(n) ? group.lastValue : null,
        count: Number(n),
        cells: at.map((row) => origin.address(source, Number(row))),
        hidden: group?.hidden ?? false,
      };
    });
  }
}

/** Groups all findings of one rule by what they say. */
export function groupedFindings(findings: readonly ToldFinding[]): FindingGroup[] {
  const groups = new Map<string, FindingGroup & { count: number; cells: string[] }>();
  for (const one of findings) {
    const key = JSON.stringify([one.value, one.message, one.fix]);
    const group = groups.get(key) ?? {
      value: one.value,
      message: one.message,
      fix: one.fix,
      suggestions: one.suggestions,
      lastValue: one.lastValue,
      count: 0,
      cells: [],
      hidden: true,
    };
    group.count += 1;
    if (group.cells.length < CELLS) group.cells.push(...cellsAtFault(one));
    groups.set(key, {
      ...group,
      // The value of the same key in the last period differs from row to row: the group shows only what is true for all
      // its rows.
      suggestions: group.suggestions.filter((text) => one.suggestions.includes(text)),
      lastValue: group.lastValue === one.lastValue ? group.lastValue : null,
      hidden: group.hidden && one.hiddenBy !== null,
    });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

/** For a rule that compares values of a row, these values; else the one cell to look at. */
function cellsAtFault({ code, cell, cells }: ToldFinding): readonly string[] {
  if (code === 'row-constraint' && cells.length > 1) return cells.slice(1);
  return cell === null ? [] : [cell];
}
