import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { PlannedColumn } from '../../checks/planned-column.ts';
import type { Rule } from '../../checks/rule.ts';
import type { Dataset } from '../../domain/dataset.ts';
import { FILE_MODE } from '../../lake/atomic-write.ts';
import { ruleKey } from '../../reports/problem-list.ts';
import { literal } from '../../sql/sql.ts';
import type { CheckedSource } from '../checked-rows.ts';
import { type RawRowsKept, rawCell } from '../raw-rows.ts';
import type { Scratch } from '../scratch.ts';

/** Its place: beside the reports of a delivery. */
export const FINDING_IDS = 'finding-ids.parquet';
/** Rows of a dataset without a key are told apart by this many of their columns. */
const CONTENT_COLUMNS = 100;
/** And, where a value is wrong, by that value: for this many rules. */
const VALUE_RULES = 100;

/**
 * Writes the id of every error and warning to a Parquet file in the scratch folder (rid, rule, about, id), so that the
 * next delivery can be compared exactly with this one; null where there is none. An id is made from the rule, its field
 * and the row's key; without a key from the wrong value, or else from the row's other values. It is never made from the
 * row number, and never from PII, which could be guessed from a hash. Needs the raw rows that were kept.
 */
export async function writeFindingIds(
  scratch: Scratch,
  dataset: Dataset,
  checked: CheckedSource,
  raw: RawRowsKept | null,
): Promise<string | null> {
  const rules = checked.faults.broken().filter(({ severity }) => severity !== 'info');
  const whole = checked.tableFindings.filter(({ severity }) => severity !== 'info');
  if (rules.length + whole.length === 0) return null;
  const parts: string[] = [];
  if (whole.length > 0) {
    const values = whole.map((one) => `(${literal(ruleKey({ ...one, rule: one.name }))})`);
    parts.push(
      `SELECT NULL::BIGINT AS rid, NULL::UINTEGER AS rule, about, md5_number_lower(about) AS id FROM (VALUES ${values.join(', ')}) AS w(about)`,
    );
  }
  if (rules.length > 0) parts.push(rowIds(dataset, checked, raw, rules));
  const path = join(scratch.folder, FINDING_IDS);
  await scratch.run(
    `COPY (${parts.join(' UNION ALL ')}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`,
  );
  chmodSync(path, FILE_MODE);
  return path;
}

export function aboutRule(rule: Rule): string {
  return ruleKey({ code: rule.code, rule: rule.name, field: rule.columns[0]?.name ?? null });
}

/**
 * Texts are hashed before they are joined: a join keeps one side in memory, and faulty rows can be long. The hashed
 * text begins with its kind, so that a key is never taken for a value.
 */
function rowIds(
  dataset: Dataset,
  { plan, relations, faults }: CheckedSource,
  raw: RawRowsKept | null,
  rules: readonly Rule[],
): string {
  const names = rules.map((rule) => `(${rule.id}, ${literal(aboutRule(rule))})`).join(', ');
  const key = keyText(dataset, plan);
  const valued = key === null && raw !== null ? valueRules(rules) : [];
  const columns = [...new Set(valued.map(({ source }) => source))];
  const cases = valued.map(({ id, source }) => `WHEN ${id} THEN w.h${source}`);
  const value = cases.length === 0 ? 'NULL::UBIGINT' : `CASE f.rule ${cases.join(' ')} END`;
  const hashes = columns.map(
    (source) =>
      `md5_number_lower('value' || chr(31) || nullif(lower(trim(${rawCell(raw as RawRowsKept, source)})), '')) AS h${source}`,
  );
  const wrong =
    columns.length === 0
      ? ''
      : ` LEFT JOIN (SELECT rid, ${hashes.join(', ')} FROM ${raw?.relation}) AS w ON w.rid = f.rid`;
  const rows = `SELECT rid, md5_number_lower(${key ?? 'NULL::VARCHAR'}) AS key, md5_number_lower(${contentText(plan)}) AS content FROM ${relations.data}`;
  return `SELECT f.rid, f.rule, n.about,
      md5_number_lower(n.about || chr(30) || coalesce(s.key, ${value}, s.content)::VARCHAR) AS id
    FROM ${faults.relation} f JOIN (VALUES ${names}) AS n(rule, about) ON n.rule = f.rule JOIN (${rows}) AS s ON s.rid = f.rid${wrong}`;
}

function keyText(dataset: Dataset, plan: readonly PlannedColumn[]): string | null {
  const key = dataset.primaryKey.flatMap((name) => plan.find((column) => column.name === name) ?? []);
  if (key.length === 0 || key.some(({ field }) => field.pii)) return null;
  const filled = key.map(({ index }) => `v${index} IS NOT NULL`).join(' AND ');
  const texts = key.map(({ index }) => `v${index}::VARCHAR`).join(', ');
  return `CASE WHEN ${filled} THEN concat_ws(chr(31), 'key', ${texts}) END`;
}

/** Rules about one cell, with the column its wrong value is in; raw text is kept of rejected rows. */
function valueRules(rules: readonly Rule[]): { readonly id: number; readonly source: number }[] {
  const valued = rules.flatMap(({ id, severity, code, columns: [column, second] }) => {
    if (severity !== 'error' || code === 'row-constraint' || column === undefined || second !== undefined)
      return [];
    return column.source === null || column.field.pii ? [] : [{ id, source: column.source }];
  });
  return valued.length > VALUE_RULES ? [] : valued;
}

function contentText(plan: readonly PlannedColumn[]): string {
  const told = plan.filter(({ field }) => !field.pii).slice(0, CONTENT_COLUMNS);
  const texts = told.map(({ index }) => `coalesce(v${index}::VARCHAR, '')`);
  return `concat_ws(chr(31), 'row'${texts.map((text) => `, ${text}`).join('')})`;
}
