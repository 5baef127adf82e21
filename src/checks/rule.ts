import type { Severity } from '../domain/finding.ts';
import type { PlannedColumn } from './planned-column.ts';

/** One thing that can be wrong with a row, and its wording. Its faults are counted exactly. */
export interface Rule {
  readonly id: number;
  readonly code: string;
  /** Tells rules of one code apart: `required`, `pattern`, the name of a check. */
  readonly name: string;
  readonly severity: Severity;
  /** The cells that it is about; the first one gives the address. Empty: the whole row. */
  readonly columns: readonly PlannedColumn[];
  /** What is wrong, without any value: for summaries and the reasons beside rejected rows. */
  readonly summary: string;
  /**
   * What is wrong in one row, numbered as the analyst counts; the value is null where it must not be shown or there is
   * none.
   */
  readonly message: (value: string | null, row?: number | null) => string;
  /** The same with `{value}` and `{row}` in their places, where one text says it of all rows; null: the summary does. */
  readonly template: string | null;
  readonly fix: (value: string | null) => string | null;
  /** What a wrong value was probably meant to be; only for shown values of fields that are not PII. */
  readonly candidates: () => Promise<readonly string[]>;
}

export type RuleInit = Omit<Rule, 'id' | 'message' | 'template' | 'fix' | 'candidates'> &
  Partial<Pick<Rule, 'message' | 'template' | 'fix' | 'candidates'>>;

export class RuleBook {
  readonly #rules: Rule[] = [];

  add(init: RuleInit): Rule {
    const rule: Rule = {
      message: () => init.summary,
      template: null,
      fix: () => null,
      candidates: async () => [],
      ...init,
      id: this.#rules.length,
    };
    this.#rules.push(rule);
    return rule;
  }

  change(id: number, changes: Partial<RuleInit>): void {
    this.#rules[id] = { ...(this.#rules[id] as Rule), ...changes };
  }

  get all(): readonly Rule[] {
    return this.#rules;
  }

  get(id: number): Rule {
    return this.#rules[id] as Rule;
  }
}
