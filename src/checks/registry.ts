import type { z } from 'zod';
import type { Check } from '../domain/check.ts';
import type { Needs } from './basis.ts';
import type { CheckEnv } from './check-env.ts';
import type { RowCheck } from './check-module.ts';
import type { CheckPlace } from './check-place.ts';
import { control } from './control.ts';
import { differsFromPrevious } from './differs-from-previous.ts';
import { expect } from './expect.ts';
import { hierarchy } from './hierarchy.ts';
import { inPeriod } from './in-period.ts';
import { required } from './required.ts';
import { rows } from './rows.ts';
import { unique } from './unique.ts';
import { versusLastYear } from './versus-last-year.ts';
import { versusPrevious } from './versus-previous.ts';

/**
 * A module as the registry knows it: each knows the types of its own rules, and whoever asks it passes on the check that
 * the module itself resolved.
 */
export interface CheckModule
  extends Pick<AnyCheck, 'kind' | 'about' | 'keys' | 'wordings' | 'findings' | 'examples'> {
  readonly finds: 'rows' | 'file';
  resolve(written: object, place: CheckPlace): object;
  needs(check: Check): Needs;
  make(env: CheckEnv, check: Check, accepted: number): Promise<void>;
  sentence(check: Check, labels: (names: readonly string[]) => string): string;
}
type AnyCheck = RowCheck<string, z.ZodRawShape, object>;

/** Every kind of check that a dataset can have, in the order in which the docs list them. */
export const CHECKS: readonly CheckModule[] = [
  expect,
  required,
  unique,
  hierarchy,
  rows,
  control,
  versusPrevious,
  versusLastYear,
  inPeriod,
  differsFromPrevious,
];

const BY_KIND = new Map(CHECKS.map((module) => [module.kind, module]));

/** The module of a resolved check. */
export function moduleOf({ kind }: Check): CheckModule {
  const module = BY_KIND.get(kind);
  if (module === undefined) throw new TypeError(`there is no check '${kind}'`);
  return module;
}
