import type { PlannedColumn } from '../../checks/planned-column.ts';
import type { Rule } from '../../checks/rule.ts';
import type { Dataset } from '../../domain/dataset.ts';
import type { ToldFinding } from '../../domain/finding.ts';
import { shownText, whole } from '../../domain/shown-text.ts';
import type { Layout } from '../layout.ts';
import type { RawCells } from '../raw-rows.ts';
import type { RowOrigin } from '../row-origin.ts';
import { expectedOf } from './expected-of.ts';

export const MASK = '•••';
/** Longer values are cut in messages. */
export const VALUE_LENGTH = 200;
/** How much of a cell's own text goes into findings.json. */
export const RAW_LENGTH = 1000;
/** The same for the cells of a key. */
const KEY_LENGTH = 80;

/** A fault as a finding, before it is compared with other deliveries and findings. */
export type BareFinding = Omit<ToldFinding, 'id' | 'since' | 'hiddenBy' | 'suggestions' | 'lastValue'>;

/** One fault in an analyst's words; values of PII are masked here and nowhere later. */
export function toldFinding(
  rule: Rule,
  raw: RawCells | undefined,
  key: readonly PlannedColumn[],
  about: { readonly dataset: Dataset; readonly layout: Layout; readonly origin: RowOrigin },
): BareFinding {
  const masked = rule.columns.some((column) => column.field.pii);
  const value = rawValue(rule, raw);
  const shown = value === null ? null : cutValue(value);
  const said = masked ? null : shown;
  const [cell = null, ...others] = raw === undefined ? [] : addressesOf(rule, raw, about);
  return {
    code: rule.code,
    rule: rule.name,
    severity: rule.severity,
    dataset: about.dataset.name,
    file: about.layout.file,
    sheet: about.layout.sheet,
    cell,
    cells: cell === null ? [] : [cell, ...others],
    row: raw?.row ?? null,
    // Which of its texts is the key is not sure either; one of them may hold a value that must be masked.
    key: raw === undefined || rule.code === 'unsure-cells' ? null : keyOf(key, raw),
    field: rule.code === 'row-constraint' ? null : (rule.columns[0]?.name ?? null),
    value: masked && shown !== null ? MASK : shown,
    raw: value === null ? null : masked ? MASK : whole(value, RAW_LENGTH),
    expected: expectedOf(rule),
    message: rule.message(said, raw?.row ?? null),
    fix: rule.fix(said),
  };
}

/** As findings show it: sentences must not fill pages. */
export function cutValue(value: string): string {
  return value.length > VALUE_LENGTH ? `${whole(value, VALUE_LENGTH)}…` : value;
}

/** The value in the rule's cells as the file has it; null where there is none or the rule is about several columns. */
export function rawValue(rule: Rule, raw: RawCells | undefined): string | null {
  if (rule.code === 'row-constraint' || rule.columns.length === 0) return null;
  const texts = rule.columns.map(({ source }) => (source === null ? null : (raw?.cells[source] ?? null)));
  if (texts.every((text) => text === null || text === '')) return null;
  return texts.map((text) => text ?? '').join(', ');
}

function keyOf(key: readonly PlannedColumn[], raw: RawCells): ToldFinding['key'] {
  const parts = key.map(({ name, source, slice, field }) => {
    const text = (source === null ? slice : raw.cells[source]) || null;
    return [name, text === null ? null : field.pii ? MASK : shownText(text, KEY_LENGTH)] as const;
  });
  return parts.some(([, value]) => value !== null) ? parts : null;
}

/** The cells of a fault, the one to look at first; for a whole row, its first cell that is read. */
function addressesOf(
  rule: Rule,
  raw: RawCells,
  { layout, origin }: { readonly layout: Layout; readonly origin: RowOrigin },
): string[] {
  const at = (column: number) => origin.address(column, raw.row);
  if (rule.code === 'extra-cell') return [at(layout.headers.length)];
  const sources = rule.columns.flatMap(({ source }) => source ?? []);
  const several = rule.code === 'row-constraint' && rule.columns.length > 1;
  if (!several && sources.length > 0) return sources.map(at);
  if (!several && rule.columns.length > 0) return [];
  const read = layout.mapping.filter(({ field }) => field !== null).map(({ column }) => column);
  const first = read.length === 0 ? 0 : Math.min(...read);
  return [...new Set([first, ...sources])].map(at);
}
