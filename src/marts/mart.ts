import type { PeriodKind } from '../domain/period.ts';
import type { Model } from '../promotion/model-sql.ts';

/** A condition that must hold for every row of a mart (a null result counts as holding, as in SQL's own CHECK). */
export interface MartCheck {
  readonly name: string;
  readonly expression: string;
  readonly line: number;
}

/** A mart: a SELECT over core tables, and what its header says. */
export interface Mart {
  readonly name: string;
  readonly title: string | null;
  /** Columns whose values tell the rows apart; empty: the mart has at most one row (per period). */
  readonly grain: readonly string[];
  /** `period`: rows of the published period are replaced; `full`: all of them. */
  readonly mode: 'period' | 'full';
  readonly periodKind: PeriodKind;
  /** Core tables, by name. */
  readonly reads: readonly string[];
  readonly checks: readonly MartCheck[];
  readonly model: Model;
}
