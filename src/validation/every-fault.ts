import type { Faults } from '../checks/faults.ts';
import type { PlannedColumn } from '../checks/planned-column.ts';
import type { Rule } from '../checks/rule.ts';
import { QUOTED_LENGTH, QUOTED_WORDS } from '../checks/wording.ts';
import { literal } from '../sql/sql.ts';

/** The texts of rows: a relation (rid, cells), and the 0-based place of a column's text in `cells`. */
export interface RowTexts {
  readonly relation: string;
  readonly place: (column: PlannedColumn) => number | null;
}

/**
 * A query of every fault of a row: (rid, row, rule, severity, field, code, message, value). `field` and `value` are null
 * for a fault of several cells or of the whole row, and values of personal data are null too.
 */
export function everyFault(faults: Faults, rows: string, texts: RowTexts): string {
  const rules = faults.broken().map((rule) => `(${ruleRow(rule, texts).join(', ')})`);
  const names = 'rule, name, severity, field, code, template, place';
  const known =
    rules.length === 0
      ? `(SELECT ${names.split(', ').map((name) => `NULL AS ${name}`)} WHERE false)`
      : `(VALUES ${rules.join(', ')})`;
  const value = `CASE WHEN n.place IS NOT NULL THEN nullif(x.cells[n.place], '') END`;
  return `SELECT rid, row, name AS rule, severity, field, code,
      replace(replace(template, '{row}', row::VARCHAR), '{value}', ${quotedSql('value')}) AS message, value
    FROM (SELECT f.rid, w.r AS row, n.*, ${value} AS value
      FROM ${faults.relation} AS f JOIN ${known} AS n(${names}) ON n.rule = f.rule
      JOIN ${rows} AS w ON w.rid = f.rid JOIN ${texts.relation} AS x ON x.rid = f.rid)`;
}

function ruleRow(
  { id, name, severity, code, columns, template, summary }: Rule,
  { place }: RowTexts,
): string[] {
  const [column, second] = columns;
  const only = column !== undefined && second === undefined ? column : null;
  const at = only === null || only.field.pii ? null : place(only);
  return [
    ...[`${id}`, literal(name), literal(severity)],
    only === null ? 'NULL' : literal(only.name),
    ...[literal(code), literal(template ?? `${summary}.`)],
    at === null ? 'NULL' : `${at + 1}`,
  ];
}

/** What `quoted` makes of a value in a sentence. */
function quotedSql(value: string): string {
  const parts = `string_split_regex(${value}, '\\s+')`;
  const short = `CASE WHEN len(${parts}) > ${QUOTED_WORDS} THEN array_to_string(${parts}[1:${QUOTED_WORDS}], ' ') || ' …' ELSE ${value} END`;
  const cut = `CASE WHEN length(${short}) > ${QUOTED_LENGTH} THEN left(${short}, ${QUOTED_LENGTH - 1}) || '…' ELSE ${short} END`;
  return `coalesce('''' || ${cut} || '''', 'the value')`;
}
