import { type PeriodKind, parseFilePeriod, parsePeriod } from './period.ts';
import { spelledPeriod } from './spelled-period.ts';

/** The one period that a file's name shows. */
export interface PeriodInName {
  /** As written in the name. */
  readonly written: string;
  /** As `{period}` reads it: 2025-06, 2025-Q2 or 2025. */
  readonly means: string;
}

const SHAPES: Record<Exclude<PeriodKind, 'none'>, RegExp> = {
  month: /(?<!\d)\d{4}[-_]?(?:0[1-9]|1[0-2])(?!\d)/g,
  quarter: /(?<!\d)\d{4}[-_]?[Qq][1-4](?![\p{L}\d])/gu,
  year: /(?<![\p{L}\d]|\d[-_.])(?:19|20)\d{2}(?![\p{L}\d]|[-_.]?\d|[-_.]?[Qq]\d)/gu,
};

/**
 * The period of a kind that a name (without its ending) shows, however it is written: 2024-01, 31.01.2024, June 2023,
 * Q2-2025. Null where it shows none, two different ones, one of another kind, or one that is not sure.
 */
export function periodInName(kind: PeriodKind, stem: string): PeriodInName | null {
  if (kind === 'none') return null;
  const plain = [...stem.matchAll(SHAPES[kind])].flatMap(([written]) => {
    const means = parseFilePeriod(kind, written)?.text;
    return means === undefined ? [] : [{ written, means }];
  });
  const [first] = plain;
  if (first !== undefined) return plain.every(({ means }) => means === first.means) ? first : null;
  const spelled = spelledPeriod(stem);
  if (spelled === null || spelled.means === null || spelled.fiscal) return null;
  if (parsePeriod(spelled.means)?.kind !== kind) return null;
  // A second period in what is left: then it is not known to which of the two the rows belong.
  const rest = `${stem.slice(0, spelled.at)} ${stem.slice(spelled.at + spelled.text.length)}`;
  const other = spelledPeriod(rest);
  return other === null || other.means === spelled.means
    ? { written: spelled.text, means: spelled.means }
    : null;
}
