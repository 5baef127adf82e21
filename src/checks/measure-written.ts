import { type Measure, NUMERIC_MEASURES, parseMeasure } from '../domain/measure.ts';
import { typeOf } from '../types/registry.ts';
import { type CheckPlace, noField } from './check-place.ts';

/** The measures that a check may name, in words for the configuration. */
export const MEASURES = 'rows, sum(field), avg, min, max, distinct or nulls';

/** Reads `rows` or `sum(field)`; null (and a problem) where it is neither, or does not go with the field's type. */
export function resolveMeasure(
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
