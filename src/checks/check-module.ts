import type { z } from 'zod';
import type { Check } from '../domain/check.ts';
import type { Needs } from './basis.ts';
import type { CheckEnv } from './check-env.ts';
import type { CheckPlace } from './check-place.ts';
import type { FindingEntry } from './finding-entry.ts';
import type { Wordings } from './wording.ts';

/** The keys of a check as they are written, after zod has checked their form. */
export type Written<Keys extends z.ZodRawShape> = z.infer<z.ZodObject<Keys>>;

/**
 * Everything about one kind of check. `Keys` are its own keys in the configuration, `Rule` is what `resolve` makes of
 * them. Each member is required: a part that is forgotten is a compile error.
 */
interface CheckParts<Kind extends string, Keys extends z.ZodRawShape, Rule extends object> {
  /** The key that names it, one of `keys`. */
  readonly kind: Kind;
  /** `deliveries`: it speaks of files or periods, so that records, which have none, cannot have it. */
  readonly about: 'rows' | 'deliveries';
  readonly keys: Keys;
  /** The rule with every default filled in; impossible combinations are reported at `place`. */
  resolve(written: Written<Keys>, place: CheckPlace): Rule;
  /** What `make` reads of the basis; it also has to work where that is not there. */
  needs(check: Check & Rule): Needs;
  /** The sentence of a report without findings. `labels`: the names of fields as people know them. */
  sentence(check: Check & Rule, labels: (names: readonly string[]) => string): string;
  readonly wordings: Wordings;
  /** Entries of docs/checks.md. */
  readonly findings: readonly FindingEntry[];
  /** An example of each key and of each key below it, by the path below the check; '' is the check itself. */
  readonly examples: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * A check that finds single rows, and is made before rows are rejected. It is tried without data by `make` on no rows
 * and an empty basis: an expression that cannot be computed is then an error of the configuration.
 */
export interface RowCheck<Kind extends string, Keys extends z.ZodRawShape, Rule extends object>
  extends CheckParts<Kind, Keys, Rule> {
  readonly finds: 'rows';
  make(env: CheckEnv, check: Check & Rule): Promise<void>;
}

/** A check of the accepted rows as a whole, made once it is known which these are; tried without data like a `RowCheck`. */
export interface FileCheck<Kind extends string, Keys extends z.ZodRawShape, Rule extends object>
  extends CheckParts<Kind, Keys, Rule> {
  readonly finds: 'file';
  /** @param accepted number of accepted rows */
  make(env: CheckEnv, check: Check & Rule, accepted: number): Promise<void>;
}

/** Helps TypeScript to infer the types of a module. */
export function rowCheck<Kind extends string, Keys extends z.ZodRawShape, Rule extends object>(
  module: Omit<RowCheck<Kind, Keys, Rule>, 'finds'>,
): RowCheck<Kind, Keys, Rule> {
  return { ...module, finds: 'rows' };
}

export function fileCheck<Kind extends string, Keys extends z.ZodRawShape, Rule extends object>(
  module: Omit<FileCheck<Kind, Keys, Rule>, 'finds'>,
): FileCheck<Kind, Keys, Rule> {
  return { ...module, finds: 'file' };
}
