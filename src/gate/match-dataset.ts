import { type Config, fileDatasets } from '../config/config.ts';
import { type Dataset, fileSource } from '../domain/dataset.ts';
import { editDistance } from '../domain/did-you-mean.ts';
import { type FilenameMatch, type FilenamePattern, matchFilename } from '../domain/filename-pattern.ts';
import { type Slice, sliceText } from '../domain/slice.ts';

/** What a file name says about the file. */
export interface NamedDelivery {
  readonly dataset: Dataset;
  /** As `_data_period` has it. */
  readonly period: string;
  readonly slice: Slice;
  readonly sliceText: string;
  readonly version: string | null;
}

export type NameVerdict =
  | { readonly kind: 'one'; readonly delivery: NamedDelivery }
  | { readonly kind: 'impossible-period'; readonly dataset: Dataset; readonly match: FilenameMatch }
  | { readonly kind: 'several'; readonly datasets: readonly Dataset[] }
  | { readonly kind: 'none' };

/** Which dataset, period and slice a file name means; exactly one dataset must match. */
export function readFileName(config: Config, name: string): NameVerdict {
  const matches = fileDatasets(config).flatMap((dataset) => {
    const match = matchFilename(fileSource(dataset).filename, dataset.periodKind, name);
    return match === null ? [] : [{ dataset, match }];
  });
  const [only] = matches;
  if (only === undefined) return { kind: 'none' };
  if (matches.length > 1) return { kind: 'several', datasets: matches.map(({ dataset }) => dataset) };
  const { dataset, match } = only;
  if (match.period === null) return { kind: 'impossible-period', dataset, match };
  return {
    kind: 'one',
    delivery: {
      dataset,
      period: match.period.text,
      slice: match.slice,
      sliceText: sliceText(match.slice),
      version: match.version,
    },
  };
}

/** The dataset whose pattern a name resembles most; `far` where even there most letters differ. */
export function nearestPattern(
  config: Config,
  name: string,
): { readonly dataset: Dataset; readonly far: boolean } | null {
  let best: { dataset: Dataset; distance: number } | null = null;
  const given = name.slice(0, 120);
  const shape = (text: string) => text.toLowerCase().replace(/\d/g, '0');
  for (const dataset of fileDatasets(config)) {
    for (const example of exampleNames(dataset)) {
      const distance = editDistance(shape(given), shape(example));
      if (best === null || distance < best.distance) best = { dataset, distance };
    }
  }
  return best === null ? null : { dataset: best.dataset, far: best.distance > given.length / 2 };
}

/** Values for the places of a pattern. Without a version, the optional parts with the version are left out. */
export interface NamePartValues {
  readonly period: string;
  readonly version: string | null;
  readonly slice: (name: string) => string;
}

/** Names that fit a dataset's pattern, one for each allowed file ending and each way to leave optional parts out. */
export function exampleNames(dataset: Dataset): readonly string[] {
  const period = { month: '2025-06', quarter: '2025-Q2', year: '2025', none: '' }[dataset.periodKind];
  return writtenNames(dataset, { period, version: '2', slice: (name) => name });
}

/**
 * The names of a dataset's pattern with these values, with all its file endings, with and without its optional parts.
 */
export function writtenNames(dataset: Dataset, values: NamePartValues): readonly string[] {
  const write = (parts: FilenamePattern['parts'], withOptional: boolean): string[] =>
    parts.reduce<string[]>(
      (texts, part) => {
        if (part.kind === 'text') return texts.map((text) => text + part.text);
        if (part.kind === 'one_of') return texts.flatMap((text) => part.texts.map((one) => text + one));
        if (part.kind === 'optional') {
          const wanted = withOptional && (values.version !== null || !holdsVersion(part.parts));
          const inner = wanted ? write(part.parts, true) : [''];
          return texts.flatMap((text) => inner.map((one) => text + one));
        }
        if (part.name === 'period') return texts.map((text) => text + values.period);
        const value = part.name === 'version' ? (values.version ?? '1') : values.slice(part.name);
        return texts.map((text) => text + value);
      },
      [''],
    );
  const { parts } = fileSource(dataset).filename;
  return [...new Set([...write(parts, false), ...write(parts, true)])];
}

function holdsVersion(parts: FilenamePattern['parts']): boolean {
  return parts.some((part) => part.kind === 'name' && part.name === 'version');
}

/** Versions in the order that people mean: 2 before 10, no version before any. */
export function compareVersions(one: string | null, two: string | null): number {
  if (one === null || two === null) return one === two ? 0 : one === null ? -1 : 1;
  const split = (text: string) => text.toLowerCase().match(/\d+|\D+/g) ?? [];
  const [left, right] = [split(one), split(two)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [a, b] = [left[i] ?? '', right[i] ?? ''];
    const numbers = /^\d/.test(a) && /^\d/.test(b);
    const difference = numbers ? compareNumbers(a, b) : a < b ? -1 : a > b ? 1 : 0;
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareNumbers(one: string, two: string): number {
  const [a, b] = [BigInt(one), BigInt(two)];
  return a < b ? -1 : a > b ? 1 : 0;
}
