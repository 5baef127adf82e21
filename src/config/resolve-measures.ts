import type { Change, ControlTotal } from '../domain/check.ts';
import { type Measure, NUMERIC_MEASURES, parseMeasure } from '../domain/measure.ts';
import { typeOf } from '../types/registry.ts';
import { type CheckPlace, noField } from './check-place.ts';
import type { CheckAsWritten } from './check-schema.ts';
import { resolveThreshold } from './resolve-threshold.ts';

/** `versus_previous` and `versus_last_year`: by measure, how much it may fall and rise. */
export function resolveChanges(
  kind: 'versus_previous' | 'versus_last_year',
  written: NonNullable<CheckAsWritten['versus_previous']>,
  place: CheckPlace,
): Change[] {
  const entries = Object.entries(written);
  if (entries.length === 0) place.report([kind], `${kind} needs rows or sum(field)`);
  return entries.flatMap(([key, change]) => {
    if (change.max_drop === undefined && change.max_rise === undefined)
      place.report([kind, key], 'needs max_drop, max_rise or both');
    const measure = resolveMeasure(key, [kind, key], place);
    return measure === null
      ? []
      : [
          {
            measure,
            maxDrop: change.max_drop === undefined ? null : resolveThreshold(change.max_drop),
            maxRise: change.max_rise === undefined ? null : resolveThreshold(change.max_rise),
          },
        ];
  });
}

/** `control`: by measure, the total or its place. */
export function resolveControl(
  written: NonNullable<CheckAsWritten['control']>,
  place: CheckPlace,
): ControlTotal[] {
  const entries = Object.entries(written);
  if (entries.length === 0) place.report(['control'], 'control needs rows or sum(field)');
  return entries.flatMap(([key, value]) => {
    const path = ['control', key];
    const measure = resolveMeasure(key, path, place);
    const from = measure === null ? null : resolveSource(measure, value, path, place);
    return measure === null || from === null ? [] : [{ measure, from }];
  });
}

function resolveSource(
  measure: Measure,
  value: string | number,
  path: readonly string[],
  { fields, hasFooter, report }: CheckPlace,
): ControlTotal['from'] | null {
  const text = String(value).trim();
  if (text === 'file') return { kind: 'file' };
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return { kind: 'number', value: text };
  const footer = /^footer(?:\(\s*(.+?)\s*\))?$/.exec(text);
  if (footer === null) {
    report(path, `'${text}' is no number, nor file, footer or footer(field)`);
    return null;
  }
  if (!hasFooter)
    report(path, 'a total from the footer needs source.footer, which says where the footer begins');
  const field = footer[1] ?? (measure === 'rows' ? undefined : measure.field);
  if (field === undefined) {
    report(path, 'rows are in no column of their own: write footer(field)');
    return null;
  }
  if (!fields.has(field)) {
    report(path, noField(field, fields.keys()));
    return null;
  }
  return { kind: 'footer', field };
}

function resolveMeasure(
  key: string,
  path: readonly string[],
  { fields, report }: CheckPlace,
): Measure | null {
  const measure = parseMeasure(key);
  if (measure === null) {
    report(path, `'${key}' is neither rows nor sum(field), avg, min, max, distinct or nulls of one`);
    return null;
  }
  if (measure === 'rows') return measure;
  const type = fields.get(measure.field)?.type;
  if (type === undefined) {
    report(path, noField(measure.field, fields.keys()));
    return null;
  }
  const numeric = typeOf(type).compare.measures.includes(measure.of);
  if (!numeric && NUMERIC_MEASURES.includes(measure.of)) {
    report(path, `${measure.of} needs a field of numbers; '${measure.field}' is of type ${type}`);
    return null;
  }
  return measure;
}
