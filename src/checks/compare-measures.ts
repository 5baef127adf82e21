import { z } from 'zod';
import type { Check } from '../domain/check.ts';
import type { Field } from '../domain/dataset.ts';
import { type Measure, measureText, measureWords, NUMERIC_MEASURES } from '../domain/measure.ts';
import { allowedOf, resolveThreshold, type Threshold } from '../domain/threshold.ts';
import type { OtherPeriod } from './basis.ts';
import type { CheckEnv } from './check-env.ts';
import type { CheckPlace } from './check-place.ts';
import { measureSql } from './measure-sql.ts';
import { resolveMeasure } from './measure-written.ts';
import { columnNamed, labelOf } from './planned-column.ts';
import { threshold } from './schema-words.ts';
import { acceptedRows, failed, notMade } from './table-finding.ts';
import { type CodedWording, type FileWords, fileWords } from './wording.ts';

/** How much a measure may differ from the measure it is compared with. */
export interface Change {
  readonly measure: Measure;
  readonly maxDrop: Threshold | null;
  readonly maxRise: Threshold | null;
}

const change = z.strictObject({
  max_drop: threshold.optional().describe('How much less it may be: a count (10) or a share (5%).'),
  max_rise: threshold.optional().describe('How much more it may be: a count (10) or a share (5%).'),
});

/** The changes as they are written, by measure. */
export const changes = z.record(z.string(), change);
export const CHANGE_EXAMPLES = { max_drop: 'max_drop: 20%', max_rise: 'max_rise: 500' };

/** By measure, how much it may fall and rise. */
export function resolveChanges(kind: string, written: z.infer<typeof changes>, place: CheckPlace): Change[] {
  const entries = Object.entries(written);
  if (entries.length === 0) place.report([kind], `${kind} needs rows or sum(field)`);
  return entries.flatMap(([key, { max_drop, max_rise }]) => {
    if (max_drop === undefined && max_rise === undefined)
      place.report([kind, key], 'needs max_drop, max_rise or both');
    const measure = resolveMeasure(key, [kind, key], place);
    if (measure === null) return [];
    const limit = (text: number | string | undefined) => (text === undefined ? null : resolveThreshold(text));
    return [{ measure, maxDrop: limit(max_drop), maxRise: limit(max_rise) }];
  });
}

/** What is said about a measure that changed too much, and about one that must not be shown. */
export interface ChangeWords {
  readonly shown: CodedWording;
  readonly masked: CodedWording;
}

export const CHANGE_WORDING = {
  summary: '{measure} {moved} too much',
  message: '{measure} {moved} from {before} ({period}) to {now}{share}; at most {limit} is expected.',
  fix: 'Check that the export is complete and of the right period.',
};
export const MASKED_CHANGE_WORDING = {
  summary: '{measure} {moved} too much',
  message: '{measure} {moved}{share}; at most {limit} is expected.',
  fix: 'Check that the export is complete and of the right period.',
};

/** Compares the accepted rows with another period; each measure that changed by more than allowed is a finding. */
export async function compareMeasures(
  env: CheckEnv,
  check: Check & { readonly measures: readonly Change[] },
  other: OtherPeriod,
  accepted: number,
  words: ChangeWords,
): Promise<void> {
  for (const change of check.measures) {
    const { measure } = change;
    const field = measure === 'rows' ? null : columnNamed(env, measure.field).field;
    const name = measureWords(measure, field === null ? '' : labelOf(field));
    if (measure !== 'rows' && !other.measures.has(measureText(measure))) {
      notMade(env, check, `the column ${labelOf(field as Field)} is not loaded for ${other.period}`);
      continue;
    }
    const now = measure === 'rows' ? accepted : await measured(env, measure);
    const before = measure === 'rows' ? other.rows : toNumber(other.measures.get(measureText(measure)));
    if (now === null || before === null) {
      // Without values there is no average, smallest or largest value.
      notMade(env, check, `there are no values to compare with ${other.period}`);
      continue;
    }
    const said = judged(words, change, { name, field, now, before, period: other.period });
    if (said !== null) failed(env, check, said, measure === 'rows' ? null : measure.field);
  }
}

interface Pair {
  /** The measure in words. */
  readonly name: string;
  readonly field: Field | null;
  readonly now: number;
  readonly before: number;
  readonly period: string;
}

function judged(
  words: ChangeWords,
  { measure, maxDrop, maxRise }: Change,
  { name, now, before, field, period }: Pair,
): FileWords | null {
  const limit = now < before ? maxDrop : maxRise;
  const change = Math.abs(now - before);
  if (limit === null || change <= allowedOf(limit, before)) return null;
  const about = { measure: name, moved: now < before ? 'fell' : 'rose', limit: limit.text };
  const share = percent(change, before);
  // The smallest or largest value is the value of a person, and so is the sum or average of one row.
  if (field?.pii && measure !== 'rows' && NUMERIC_MEASURES.includes(measure.of)) {
    const isOne = measure.of === 'min' || measure.of === 'max';
    return fileWords(words.masked, { ...about, share: isOne ? '' : share });
  }
  return fileWords(words.shown, { ...about, before: shown(before), period, now: shown(now), share });
}

async function measured(env: CheckEnv, measure: Exclude<Measure, 'rows'>): Promise<number | null> {
  const column = columnNamed(env, measure.field);
  const { value } = await env.engine.row<{ value: string | null }>(
    `SELECT (${measureSql(measure.of, `v${column.index}`)})::VARCHAR AS value FROM ${acceptedRows(env)}`,
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
