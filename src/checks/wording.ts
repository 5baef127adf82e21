import type { RuleInit } from './rule.ts';

/**
 * What analysts read about a finding, in their words: at most 25 of them, no code names. `{column}` is the column's
 * name for people, `{value}` the cell's text in quotes, or 'the value' where it is not shown; other places say
 * themselves what they are. The summary is for lists and totals, and has no value of a single row.
 */
export interface Wording {
  readonly summary: string;
  readonly message: string;
  /** Null: there is nothing to do. */
  readonly fix: string | null;
}

/** Wordings by id: a finding code, or behind a dot what tells the messages of one code apart. */
export type Wordings = Readonly<Record<string, Wording>>;

/** A wording that knows the code of the finding it is about. */
export interface CodedWording extends Wording {
  readonly code: string;
}

/** The finding code of a wording. */
export function codeOf(id: string): string {
  return id.split('.', 1)[0] as string;
}

/** The wordings of one module, each with its code. docs/checks.md is made from them too. */
export function wordings<W extends Wordings>(written: W): { readonly [Id in keyof W]: CodedWording } {
  const coded = Object.entries(written).map(([id, wording]) => [id, { ...wording, code: codeOf(id) }]);
  return Object.fromEntries(coded) as { readonly [Id in keyof W]: CodedWording };
}

export type Fillings = Readonly<Record<string, string | number>>;

/**
 * A template with its places filled: `{value}`, and with its noun `{count|row}` (1 row, 2 rows) or `{count|row is|rows
 * are}`. A place without a value is a defect of the program.
 */
export function fill(template: string, values: Fillings): string {
  const place = /\{([a-z]+)(?:\|([^|}]+)(?:\|([^}]+))?)?\}/g;
  return template.replace(place, (_, name: string, one?: string, more = `${one}s`) => {
    const value = values[name];
    if (value === undefined) throw new TypeError(`nothing fills {${name}} in '${template}'`);
    if (one === undefined) return String(value);
    return `${value} ${String(value) === '1' ? one : more}`;
  });
}

/** What a rule of rows says. */
export type RuleWords = Pick<RuleInit, 'code' | 'summary'> &
  Required<Pick<RuleInit, 'message' | 'fix' | 'template'>>;

/** The wording of a fault of rows: `{value}` and `{row}` are filled row by row. */
export function wordsOf({ code, summary, message, fix }: CodedWording, values: Fillings): RuleWords {
  return {
    code,
    summary: fill(summary, values),
    template: fill(message, { row: '{row}', ...values, value: '{value}' }),
    message: (text, row) => fill(message, { row: row ?? '', ...values, value: quoted(text) }),
    fix: () => (fix === null ? null : fill(fix, values)),
  };
}

/** The wording of a check: the author's own message for analysts, if there is one, before ours. */
export function worded(
  check: { readonly message: string | null },
  wording: CodedWording,
  values: Fillings,
): RuleWords {
  const words = wordsOf(wording, values);
  const { message: own } = check;
  return own === null ? words : { ...words, summary: own, template: own, message: () => own };
}

/** What is said about a problem with the file as a whole. */
export interface FileWords {
  readonly code: string;
  readonly message: string;
  readonly fix: string | null;
}

/** The wording of a problem with the file as a whole. */
export function fileWords({ code, message, fix }: CodedWording, values: Fillings): FileWords {
  return { code, message: fill(message, values), fix: fix === null ? null : fill(fix, values) };
}

/** A value in a sentence: its beginning shows which one is meant, and the report has the whole value. */
export const QUOTED_WORDS = 6;
export const QUOTED_LENGTH = 80;

export function quoted(text: string | null): string {
  if (text === null) return 'the value';
  const words = text.split(/\s+/);
  const short = words.length > QUOTED_WORDS ? `${words.slice(0, QUOTED_WORDS).join(' ')} …` : text;
  return `'${short.length > QUOTED_LENGTH ? `${short.slice(0, QUOTED_LENGTH - 1)}…` : short}'`;
}

/** A name of the configuration as people write it. */
export function spoken(name: string): string {
  return name.replaceAll('_', ' ');
}
