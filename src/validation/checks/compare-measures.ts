import { allowedOf, type Change, type CheckOf } from '../../domain/check.ts';
import type { Field } from '../../domain/dataset.ts';
import { type Measure, measureText, measureWords, NUMERIC_MEASURES } from '../../domain/measure.ts';
import { type CheckEnv, columnNamed, type OtherPeriod } from '../check-env.ts';
import { labelOf } from '../layout.ts';
import { measureSql } from '../measure-sql.ts';
import { saidOf } from '../wording.ts';
import { ACCEPTED, failed, notAsked } from './table-check.ts';

/** Compares the accepted rows with another period; each measure that changed by more than allowed is a finding. */
export async function compareMeasures(
  env: CheckEnv,
  check: CheckOf<'versus_previous'> | CheckOf<'versus_last_year'>,
  other: OtherPeriod,
  accepted: number,
): Promise<void> {
  for (const change of check.measures) {
    const { measure } = change;
    const field = measure === 'rows' ? null : columnNamed(env, measure.field).field;
    const words = measureWords(measure, field === null ? '' : labelOf(field));
    if (measure !== 'rows' && !other.measures.has(measureText(measure))) {
      notAsked(env, check, `the column ${labelOf(field as Field)} is not loaded for ${other.period}`);
      continue;
    }
    const now = measure === 'rows' ? accepted : await measured(env, measure);
    const before = measure === 'rows' ? other.rows : toNumber(other.measures.get(measureText(measure)));
    if (now === null || before === null) {
      // Without values there is no average, smallest or largest value.
      notAsked(env, check, `there are no values to compare with ${other.period}`);
      continue;
    }
    const said = judged(check.kind, change, { words, field, now, before, period: other.period });
    if (said !== null) failed(env, check, said, measure === 'rows' ? null : measure.field);
  }
}

interface Pair {
  readonly words: string;
  readonly field: Field | null;
  readonly now: number;
  readonly before: number;
  readonly period: string;
}

function judged(
  kind: 'versus_previous' | 'versus_last_year',
  { measure, maxDrop, maxRise }: Change,
  { words, now, before, field, period }: Pair,
): ReturnType<typeof saidOf> | null {
  const limit = now < before ? maxDrop : maxRise;
  const change = Math.abs(now - before);
  if (limit === null || change <= allowedOf(limit, before)) return null;
  const code = kind === 'versus_previous' ? 'versus-previous' : 'versus-last-year';
  const about = { measure: words, moved: now < before ? 'fell' : 'rose', limit: limit.text };
  const share = percent(change, before);
  // The smallest or largest value is the value of a person, and so is the sum or average of one row.
  if (field?.pii && measure !== 'rows' && NUMERIC_MEASURES.includes(measure.of)) {
    const isOne = measure.of === 'min' || measure.of === 'max';
    return saidOf(`${code}.masked`, { ...about, share: isOne ? '' : share });
  }
  return saidOf(code, { ...about, before: shown(before), period, now: shown(now), share });
}

async function measured(env: CheckEnv, measure: Exclude<Measure, 'rows'>): Promise<number | null> {
  const column = columnNamed(env, measure.field);
  const { value } = await env.scratch.row<{ value: string | null }>(
    `SELECT (${measureSql(measure.of, `v${column.index}`)})::VARCHAR AS value FROM ${ACCEPTED}`,
  );
  return toNumber(value);
}

function toNumber(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Number(text);
}

function percent(change: number, before: number): string {
  return before === 0 ? '' : `, by ${((100 * change) / Math.abs(before)).toFixed(1)}%`;
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}
