import type { Comparison, GroupCounts } from '../comparison/comparison.ts';
import {
  heading,
  keyProblemText,
  patternText,
  percent,
  rowLabel,
  rows,
  schemaText,
  valueText,
  verdict,
} from '../comparison/wording.ts';
import { grouped } from '../domain/count.ts';
import type { DiffAnswer } from '../steps/diff.ts';
import { neutralise } from './log.ts';
import { renderTable } from './render-table.ts';
import { writeWords } from './write-words.ts';

const PATTERNS = 15;
const COLUMNS = 40;

/** The differences, as people read them: columns of different kinds first, then counts, columns, patterns and cells. */
export function renderDiff(answer: DiffAnswer): string {
  const { comparisons, fingerprint, result } = answer;
  if (fingerprint === null) return `${neutralise(writeWords(result.message ?? ''))}\n`;
  return renderComparisons(comparisons, fingerprint, result.outputs);
}

export function renderComparisons(
  comparisons: readonly Comparison[],
  fingerprint: string,
  outputs: readonly string[] = [],
): string {
  const lines = comparisons.map(one);
  if (comparisons.length > 1) lines.push(`Together: ${verdict(comparisons)}\n`);
  for (const output of outputs) lines.push(`→ ${neutralise(output)}\n`);
  lines.push(`Fingerprint: ${fingerprint}\n`);
  return lines.join('');
}

function one(comparison: Comparison): string {
  const { counts } = comparison;
  const parts = [
    `${heading(comparison)}: ${comparison.after}, against ${comparison.before}`,
    ...comparison.schema_changes.map((change) => `  column ${schemaText(change)}`),
    `  ${verdict([comparison])}`,
    `  ${rows(counts.before)} before, ${grouped(counts.after)} after${shadowed(comparison)}.`,
    ...comparison.key_problems.map((problem) => `  ${keyProblemText(problem, comparison.key)}`),
    ...comparison.notes.map((note) => `  ${note}`),
    ...(comparison.tolerance === null
      ? []
      : [`  Within the tolerance of ${comparison.tolerance}: ${rows(counts.within_tolerance)}.`]),
    ...(comparison.personal === 'masked' ? ['  Personal data is masked (--show-pii shows it).'] : []),
  ];
  const text = parts.map((part) => `${neutralise(part)}\n`).join('');
  return `${text}${columns(comparison)}${patterns(comparison)}${by(comparison)}${cells(comparison)}${changedRows(comparison)}\n`;
}

function shadowed({ counts }: Comparison): string {
  return counts.shadowed > 0 ? `, ${grouped(counts.shadowed)} of them shadowed by later periods` : '';
}

function columns(comparison: Comparison): string {
  if (comparison.columns.length === 0) return '';
  const lines = comparison.columns
    .slice(0, COLUMNS)
    .map((each) => [each.column, each.changed, percent(each.rate), each.emptied, each.filled]);
  const more = andMore(comparison.columns.length - COLUMNS, 'columns');
  return `\n${renderTable(['changed column', 'cells', 'of rows', 'became empty', 'were empty'], lines)}${more}`;
}

function patterns({ patterns: all }: Comparison): string {
  if (all.length === 0) return '';
  const lines = all.slice(0, PATTERNS).map((pattern) => `  ${oneLine(patternText(pattern))}\n`);
  return `\n${lines.join('')}${andMore(all.length - PATTERNS, 'patterns')}`;
}

function by(comparison: Comparison): string {
  const names = ['added', 'modified', 'removed', 'closed', 'unchanged'] as const;
  return comparison.by
    .map(({ column, groups, of }) => {
      const lines = groups.map((group: GroupCounts) => [
        valueText(group.value),
        ...names.map((name) => group[name]),
      ]);
      return `\n${renderTable([`by ${column}`, ...names], lines)}${andMore(of - groups.length, 'values')}`;
    })
    .join('');
}

function cells(comparison: Comparison): string {
  const { cells: shown, counts } = comparison;
  if (shown.length === 0) return '';
  const lines = shown.map((cell) => [
    rowLabel(comparison, cell.key),
    cell.column,
    valueText(cell.before),
    valueText(cell.after),
  ]);
  return `\n${renderTable(['row', 'column', 'before', 'after'], lines)}${andMore(counts.cells - shown.length, 'cells')}`;
}

function changedRows(comparison: Comparison): string {
  const { rows: shown, counts } = comparison;
  if (shown.length === 0) return '';
  const lines = shown.map((row) => [row.change, rowLabel(comparison, row.key)]);
  const all = counts.added + counts.removed + counts.closed;
  return `\n${renderTable(['change', 'row'], lines)}${andMore(all - shown.length, 'rows')}`;
}

function andMore(left: number, what: string): string {
  return left > 0 ? `  … and ${grouped(left)} more ${what}\n` : '';
}

function oneLine(text: string): string {
  return neutralise(text).replaceAll('\n', ' ');
}
