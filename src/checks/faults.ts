import type { CheckEngine } from './engine.ts';
import { type Rule, RuleBook, type RuleInit } from './rule.ts';

/** Which row breaks which rule, with exact counts beside it. */
export class Faults {
  /** Relation (rid, rule): one row per finding. */
  readonly relation = 'faults';
  /** Relation (rid) of the rows with at least one fault of severity error; it exists from `reject` on. */
  readonly rejected = 'rejected';
  readonly rules = new RuleBook();
  readonly #engine: CheckEngine;
  readonly #counts = new Map<number, number>();

  constructor(engine: CheckEngine) {
    this.#engine = engine;
  }

  async begin(): Promise<void> {
    await this.#engine.run(`CREATE OR REPLACE TABLE ${this.relation} (rid BIGINT, rule UINTEGER)`);
  }

  /**
   * Adds a fault for every row that `rows`, a query of rids, returns; adds no rule where it returns none. `softened`
   * says what happens to the rule once its rows are counted.
   */
  async add(init: RuleInit, rows: string, softened?: (count: number) => Partial<RuleInit>): Promise<void> {
    const { id } = this.rules.add(init);
    const count = await this.#engine.count(`INSERT INTO ${this.relation} SELECT rid, ${id} FROM (${rows})`);
    this.#counts.set(id, count);
    if (softened !== undefined && count > 0) this.rules.change(id, softened(count));
  }

  /**
   * Adds many rules in one statement: `rows` is a query of (rid, rule) that returns the given number of rows for each,
   * or null.
   */
  async addAll(
    inits: readonly { readonly rule: RuleInit; readonly count: number }[],
    rows: (rules: readonly Rule[]) => string | null,
  ): Promise<void> {
    const rules = inits.map(({ rule }) => this.rules.add(rule));
    const query = rows(rules);
    if (query !== null) await this.#engine.run(`INSERT INTO ${this.relation} ${query}`);
    inits.forEach(({ count }, n) => {
      this.#counts.set((rules[n] as Rule).id, count);
    });
  }

  /** A rule whose cases are only counted: nobody needs to find a single case. */
  addCounted(init: RuleInit, count: number): void {
    this.#counts.set(this.rules.add(init).id, count);
  }

  /** Removes all faults of the rows that `rows`, a query of rids, returns: they are reported in another way. */
  async drop(rows: string): Promise<void> {
    const gone = await this.#engine.rows<{ rule: number; n: string }>(
      `SELECT rule, count(*) AS n FROM ${this.relation} WHERE rid IN (${rows}) GROUP BY rule`,
    );
    await this.#engine.run(`DELETE FROM ${this.relation} WHERE rid IN (${rows})`);
    for (const { rule, n } of gone)
      this.#counts.set(Number(rule), (this.#counts.get(Number(rule)) ?? 0) - Number(n));
  }

  count(rule: Rule): number {
    return this.#counts.get(rule.id) ?? 0;
  }

  /** Rules that some row breaks, in the order in which they were added. */
  broken(): Rule[] {
    return this.rules.all.filter((rule) => this.count(rule) > 0);
  }

  /** Fills the relation of the rejected rows, and returns their number. */
  async reject(): Promise<number> {
    const errors = this.broken().filter((rule) => rule.severity === 'error');
    const ids = errors.map((rule) => rule.id).join(', ');
    const where = errors.length === 0 ? 'false' : `rule IN (${ids})`;
    await this.#engine.run(
      `CREATE OR REPLACE TABLE ${this.rejected} AS SELECT DISTINCT rid FROM ${this.relation} WHERE ${where}`,
    );
    return this.#engine.count(`SELECT count(*) FROM ${this.rejected}`);
  }
}
