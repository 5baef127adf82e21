import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SCHEMA_WORDS, type SchemaNames } from '../../../../src/domain/schema-names.ts';
import { renameSchemas } from '../../../../src/warehouse/schemas/rename-schemas.ts';
import { trials } from '../../../fixtures/trials.ts';

const NAMES: SchemaNames = { meta: 'n1', stage: 'n2', core: 'n3', history: 'n4', mart: 'n5' };

type Pick = <T>(...choices: readonly T[]) => T;
/** SQL in which `«core»` stands for the schema, and `core` for anything else that is called so. */
class Writer {
  readonly #pick: Pick;
  constructor(pick: Pick) {
    this.#pick = pick;
  }

  statement(): string {
    const table = this.#table();
    const one = this.#name();
    return this.#pick(
      () => this.#query(3, []),
      () => `INSERT INTO ${table} (${this.#name()}, b) ${this.#query(2, [])}`,
      () => `CREATE TABLE ${table} AS ${this.#query(2, [])}`,
      () => `CREATE OR REPLACE VIEW ${table} AS ${this.#query(2, [])}`,
      () =>
        `UPDATE ${table} AS ${one} SET ${this.#name()} = ${this.#value(1, [one])} FROM ${table} WHERE ${this.#value(1, [one])}`,
      () => `DELETE FROM ${table} AS ${one} USING ${table} u WHERE ${this.#value(2, [one])}`,
      () => `CREATE INDEX ${one} ON ${table} (${this.#name()}); ${this.#query(1, [])}`,
    )();
  }

  #table(): string {
    const schema = this.#pick(...SCHEMA_WORDS);
    return `«${schema}»${this.#pick('.', ' . ', '.')}${this.#name()}`;
  }

  #name(): string {
    return this.#pick('core', 'stage', '"mart"', 'history', 'a', 'b', '"x y"');
  }

  #query(depth: number, outer: readonly string[]): string {
    const known = [...outer];
    const queries = this.#pick('', '', '', this.#name());
    const before = queries === '' || depth === 0 ? '' : `WITH ${queries} AS (${this.#query(depth - 1, [])}) `;
    const more = before === '' ? [] : [queries];
    const list = [this.#item(depth, known, more)];
    while (this.#pick(false, false, true)) {
      const [by, end] = this.#pick(
        [', ', ''],
        [' JOIN ', 'ON'],
        [' LEFT JOIN LATERAL ', 'ON'],
        [' JOIN ', ` USING (${this.#name()})`],
      );
      list.push(
        `${by}${this.#item(depth, known, more)}${end === 'ON' ? ` ON ${this.#value(1, known)}` : end}`,
      );
    }
    const values = Array.from(
      { length: this.#pick(1, 2, 3) },
      () => this.#value(depth, known) + this.#pick('', ` AS ${this.#name()}`),
    );
    const where = this.#pick('', ` WHERE ${this.#value(depth, known)}`);
    const after = this.#pick(
      '',
      ` GROUP BY ${this.#value(0, known)}, ${this.#value(0, known)}`,
      ` ORDER BY ${this.#value(0, known)}, 1`,
    );
    const union =
      depth > 0 && this.#pick(false, false, false, true) ? ` UNION ALL ${this.#query(depth - 1, [])}` : '';
    return `${before}SELECT ${this.#pick('', 'DISTINCT ')}${values.join(', ')} FROM ${list.join('')}${where}${after}${union}`;
  }

  #item(depth: number, known: string[], queries: readonly string[]): string {
    const alias = this.#name();
    const as = this.#pick(` AS ${alias}`, ` ${alias}`);
    const table = this.#table();
    const nested = (around: readonly string[]): [string, string] =>
      depth === 0 ? [`f(1)${as}`, alias] : [`(${this.#query(depth - 1, around)})${as}`, alias];
    const named = queries.length === 0 ? alias : this.#pick(...queries);
    const item = this.#pick<() => [text: string, name: string]>(
      () => [`${table}${as}`, alias],
      () => [`${table}${as}`, alias],
      () => [table, table.slice(table.indexOf('.') + 1).trim()],
      () => (queries.length === 0 ? nested([]) : [named, named]),
      () => nested(known),
    )();
    known.push(item[1]);
    return this.#pick(
      item[0],
      item[0],
      item[0],
      depth > 0 && !item[0].startsWith('(')
        ? `(${item[0]} CROSS JOIN ${this.#table()} AS ${item[1]})`
        : item[0],
    );
  }

  #value(depth: number, known: readonly string[]): string {
    const of = () =>
      `${this.#pick(...(known.length === 0 ? ["'core.x'"] : known.map((name) => `${name}.${this.#name()}`)))}`;
    if (depth === 0)
      return this.#pick(
        of,
        of,
        () => this.#name(),
        () => "'core.x'",
      )();
    const value = () => this.#value(depth - 1, known);
    return this.#pick(
      of,
      () => `f(${value()}, ${value()})`,
      () => `extract(year FROM ${value()})`,
      () => `trim(both FROM ${value()})`,
      () => `(${value()} IS NOT DISTINCT FROM ${value()})`,
      () => `CASE WHEN ${value()} THEN ${value()} ELSE ${value()} END`,
      () => `EXISTS (${this.#query(depth - 1, known)})`,
      () => `(${value()} IN (${this.#query(depth - 1, known)}))`,
      () => `${value()} -- core.x\n`,
      () => `${value()} /* mart.y */::text`,
      () => `coalesce(${value()}, ${this.#pick(...known, 'a')}.${this.#name()})`,
    )();
  }
}

it('renames the schemas of random statements, and no alias, column or WITH query that is called like one', () => {
  fc.assert(
    fc.property(fc.gen(), (g) => {
      const pick: Pick = (...choices) =>
        choices[g(fc.nat, { max: choices.length - 1 })] as (typeof choices)[number];
      const written = new Writer(pick).statement();
      const plain = written.replace(/«(\w+)»/g, '$1');
      const renamed = written.replace(/«(\w+)»/g, (_, word: keyof SchemaNames) => `"${NAMES[word]}"`);
      expect(renameSchemas(plain, NAMES).text).toBe(renamed);
    }),
    { ...trials(1000), endOnFailure: true },
  );
});
