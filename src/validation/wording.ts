import { codeOf, MESSAGES, type MessageId, type Wording } from './messages.ts';
import type { RuleInit } from './rule.ts';

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

/** The wording of a fault of rows: `{value}` and `{row}` are filled row by row. */
export function wordsOf(
  id: MessageId,
  values: Fillings,
): Pick<RuleInit, 'code' | 'summary'> & Required<Pick<RuleInit, 'message' | 'fix'>> {
  const wording: Wording = MESSAGES[id];
  const { fix } = wording;
  return {
    code: codeOf(id),
    summary: fill(wording.summary, values),
    message: (text, row) => fill(wording.message, { row: row ?? '', ...values, value: quoted(text) }),
    fix: () => (fix === null ? null : fill(fix, values)),
  };
}

/** The wording of a check: the author's own message for analysts, if there is one, before ours. */
export function worded(
  check: { readonly message: string | null },
  id: MessageId,
  values: Fillings,
): ReturnType<typeof wordsOf> {
  const words = wordsOf(id, values);
  const { message: own } = check;
  return own === null ? words : { ...words, summary: own, message: () => own };
}

/** The wording of a problem with the file as a whole. */
export function saidOf(
  id: MessageId,
  values: Fillings,
): { readonly code: string; readonly message: string; readonly fix: string | null } {
  const { message, fix }: Wording = MESSAGES[id];
  return { code: codeOf(id), message: fill(message, values), fix: fix === null ? null : fill(fix, values) };
}

/** A value in a sentence: its beginning shows which one is meant, and the report has the whole value. */
const QUOTED_WORDS = 6;
const QUOTED_LENGTH = 80;

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
