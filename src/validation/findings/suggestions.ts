import type { Rule } from '../../checks/rule.ts';
import { didYouMean } from '../../domain/did-you-mean.ts';
import { meantValue } from '../../types/meant-value.ts';
import { fieldType } from '../../types/registry.ts';

const AT_MOST = 3;
/** Different wrong values per rule that are compared with possible values. */
const COMPARED = 200;
/** Longer texts are no typing errors, and their edit distances take long to compute. */
const LONGEST = 100;
/** Rules for which the value of the last period may be right again. */
const SAME_AS_LAST = new Set(['type-error', 'constraint-error', 'foreign-key']);

interface Candidates {
  readonly words: readonly string[];
  readonly byLetters: ReadonlyMap<string, readonly string[]>;
}

/** The value that this one equals apart from its spelling, and the values that it resembles. */
interface Meant {
  readonly sure: readonly string[];
  readonly near: readonly string[];
}

/** What a wrong value was probably meant to be; computed once per rule and value. */
export class Suggestions {
  readonly #known = new Map<Rule, Map<string, Meant>>();
  readonly #candidates = new Map<Rule, Candidates>();

  /**
   * `last` is the value of the same key in the last period, as engines write it. `all` are at most three, the likeliest
   * first; `meant` is the one to which the value itself points, `before` the one of the last period. Nothing for PII.
   */
  async of(
    rule: Rule,
    value: string | null,
    last: string | null,
  ): Promise<{
    readonly all: readonly string[];
    readonly meant: string | null;
    readonly before: string | null;
  }> {
    const [column] = rule.columns;
    if (column === undefined || rule.columns.length > 1 || column.field.pii)
      return { all: [], meant: null, before: null };
    const before =
      last === null || !SAME_AS_LAST.has(rule.code)
        ? null
        : fieldType(column.field).words.asWritten(column.field, last);
    const blank = value === null || value.trim() === '';
    const found = blank ? { sure: [], near: [] } : await this.#meant(rule, value);
    const all = [...found.sure, ...(before === null ? [] : [before]), ...found.near];
    const others = (texts: readonly string[]) => texts.filter((one) => one !== value && one !== '');
    const [meant = null] = others([...found.sure, ...found.near]);
    return {
      all: [...new Set(others(all))].slice(0, AT_MOST),
      meant,
      before: before === value ? null : before,
    };
  }

  async #meant(rule: Rule, value: string): Promise<Meant> {
    const known = this.#known.get(rule) ?? new Map<string, Meant>();
    this.#known.set(rule, known);
    const found = known.get(value);
    if (found !== undefined) return found;
    if (known.size >= COMPARED) return { sure: [], near: [] };
    if (value.length > LONGEST) return { sure: [], near: [] };
    const { words, byLetters } = await this.#candidatesOf(rule);
    const sure = [...(byLetters.get(letters(value)) ?? []), ...aliases(rule, value)];
    const typed = rule.code === 'type-error' ? meantValue(rule.columns[0]?.field as never, value) : null;
    if (typed !== null) sure.push(typed);
    const near = sure.length > 0 || words.length === 0 ? null : didYouMean(value.trim(), words);
    const meant = { sure, near: near === null ? [] : [near] };
    known.set(value, meant);
    return meant;
  }

  async #candidatesOf(rule: Rule): Promise<Candidates> {
    const known = this.#candidates.get(rule);
    if (known !== undefined) return known;
    const field = rule.columns[0]?.field;
    const choices =
      rule.code === 'type-error' && field !== undefined ? fieldType(field).words.choices(field) : null;
    const words = choices ?? (await rule.candidates());
    const byLetters = new Map<string, string[]>();
    for (const word of words) {
      const key = letters(word);
      if (key !== '') byLetters.set(key, [...(byLetters.get(key) ?? []), word]);
    }
    const candidates = { words, byLetters };
    this.#candidates.set(rule, candidates);
    return candidates;
  }
}

/** A text without the things that people write in different ways: case, accents, blanks and signs. */
function letters(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** The result of the field's own cleaning for the same word in another spelling. */
function aliases(rule: Rule, value: string): string[] {
  const wanted = letters(value);
  const maps =
    rule.columns[0]?.field.clean.flatMap((step) => (typeof step === 'string' ? [] : [step.map])) ?? [];
  return maps.flatMap((map) => [...map].flatMap(([from, to]) => (letters(from) === wanted ? [to] : [])));
}
