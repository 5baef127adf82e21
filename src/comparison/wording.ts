import { counted, grouped } from '../domain/count.ts';
import { parseSlice } from '../domain/slice.ts';
import type { Cell } from '../warehouse/warehouse.ts';
import {
  type ColumnDifference,
  type Comparison,
  differs,
  type KeyProblem,
  type Pattern,
} from './comparison.ts';

/** Numbers, rates and changes in the words that the text, the page and the workbook share. */

export function rows(value: number): string {
  return counted(value, 'row');
}

export function percent(rate: number | null): string {
  if (rate === null) return '';
  const value = rate * 100;
  if (value > 0 && value < 0.01) return '<0.01%';
  return value > 99.99 && value < 100 ? '>99.99%' : `${value.toFixed(2)}%`;
}

/** Null must differ from the empty text and from 0. */
export function valueText(value: Cell): string {
  if (value === null) return 'empty';
  return value === '' ? '""' : String(value);
}

export function keyText(key: Readonly<Record<string, Cell>>): string {
  return Object.entries(key)
    .map(([name, value]) => `${name} ${valueText(value)}`)
    .join(', ');
}

export function patternText({ column, before, after, rows: n }: Pattern): string {
  return `${rows(n)}: ${column} ${valueText(before)} → ${valueText(after)}`;
}

export function schemaText({ change, column, before, after }: ColumnDifference): string {
  if (change === 'added') return `${column} is new (${after})`;
  if (change === 'removed') return `${column} is gone (${before})`;
  return `${column} was ${before} and is ${after}`;
}

/** A row of a comparison by its key. The slice, which all rows share, is in the heading and left out here. */
export function rowLabel(comparison: Comparison, key: Readonly<Record<string, Cell>>): string {
  const shared = new Set(parseSlice(comparison.slice).map(([name]) => name));
  const own = Object.entries(key).filter(([name]) => !shared.has(name));
  return keyText(own.length === 0 ? key : Object.fromEntries(own));
}

export function keyProblemText(problem: KeyProblem, key: readonly string[]): string {
  const parts: string[] = [];
  if (problem.duplicate_keys > 0) {
    const shown = problem.examples
      .map((one) => `${keyText(one.key)}: ${counted(one.rows, 'row')}`)
      .join('; ');
    const more = problem.duplicate_keys > problem.examples.length ? '; …' : '';
    parts.push(
      `${counted(problem.duplicate_keys, 'key is', 'keys are')} in more than one row (${shown}${more})`,
    );
  }
  if (problem.null_rows > 0)
    parts.push(`${counted(problem.null_rows, 'row has', 'rows have')} no ${key.join(', ')}`);
  return `${problem.side === 'after' ? 'After' : 'Before'}: ${parts.join(', and ')}. They are compared with nothing.`;
}

/** The counts of one or several comparisons as a sentence. */
export function verdict(comparisons: readonly Comparison[]): string {
  if (!comparisons.some(differs)) return 'No difference.';
  const sum = (name: keyof Comparison['counts']) =>
    comparisons.reduce((total, { counts }) => total + counts[name], 0);
  const parts = (['added', 'modified', 'removed', 'closed'] as const)
    .filter((name) => sum(name) > 0)
    .map((name) =>
      name === 'modified'
        ? `${grouped(sum(name))} modified (${cells(sum('cells'))})`
        : `${grouped(sum(name))} ${name}`,
    );
  const columns = comparisons.reduce((total, one) => total + one.schema_changes.length, 0);
  if (columns > 0) parts.unshift(`${counted(columns, 'column differs', 'columns differ')} in kind`);
  if (sum('not_compared') > 0) parts.push(`${rows(sum('not_compared'))} without a usable key`);
  return `${parts.join(', ')}; ${grouped(sum('unchanged'))} unchanged.`;
}

export function cells(value: number): string {
  return counted(value, 'cell');
}

/** What the number of a row's source is called. */
export function sourceColumn({ kind }: Pick<Comparison, 'kind'>): string {
  return kind === 'records' ? 'Record' : 'In the file';
}

/** What a comparison is about: dataset, period and slice. */
export function heading(comparison: Comparison): string {
  const period = comparison.period === null || comparison.period === 'none' ? [] : [comparison.period];
  return [comparison.title, ...period, ...sliceWords(comparison.slice)].join(' · ');
}

function sliceWords(slice: string): string[] {
  return parseSlice(slice).map(([name, value]) => `${name} ${value}`);
}
