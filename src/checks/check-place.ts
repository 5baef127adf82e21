import type { Field } from '../domain/dataset.ts';
import { didYouMean } from '../domain/did-you-mean.ts';

/** What a check may refer to, and where its problems are reported: at a path below the check. */
export interface CheckPlace {
  readonly fields: ReadonlyMap<string, Pick<Field, 'type'>>;
  /** Rows from a footer on are kept separately, so that totals can be read from it. */
  readonly hasFooter: boolean;
  readonly hasSlices: boolean;
  readonly hasPeriods: boolean;
  readonly report: (path: readonly (string | number)[], message: string) => void;
}

export function noField(name: string, names: Iterable<string>): string {
  const meant = didYouMean(name, names);
  return `there is no field '${name}'${meant === null ? '' : `; did you mean '${meant}'?`}`;
}

/** Field names as a list; an unknown name is reported. */
export function knownFields(
  names: string | readonly string[] | undefined,
  path: readonly string[],
  { fields, report }: CheckPlace,
): readonly string[] {
  const list = [names ?? []].flat();
  for (const name of list) if (!fields.has(name)) report(path, noField(name, fields.keys()));
  return list;
}
