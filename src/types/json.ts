import { hasDigit, textLength } from './cell-rules.ts';
import { castConstant } from './constant.ts';
import { type DraftSample, type Guess, RANK } from './drafting.ts';
import type { FieldType } from './field-type.ts';
import type { TypeRule } from './type-sql.ts';

/**
 * The engine accepts a comma before a closing bracket, NaN and Infinity, which other readers refuse, PostgreSQL among
 * them. Without the strings they are easy to find.
 */
function strictly(text: string): string {
  const bare = `regexp_replace(${text}, '"([^"\\\\]|\\\\.)*"', '""', 'g')`;
  return `NOT regexp_matches(${bare}, ',\\s*[\\]}]|(?i)nan|inf')`;
}

/** JSON text is kept as it is written. */
function read(kind: 'OBJECT' | 'ARRAY'): TypeRule {
  return (_, names) => ({
    cast: null,
    quick: 'false',
    sound: null,
    quickValue: 'NULL::JSON',
    parse: `CASE WHEN json_valid(${names.text}) AND ${strictly(names.text)}
      THEN CASE WHEN json_type(${names.text}) = '${kind}' THEN ${names.text}::JSON END END`,
  });
}

/** The escapes that PostgreSQL refuses: NUL, and half of a pair. */
function badEscape(text: string): string {
  const unpaired = `regexp_replace(${text}, '\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}', '', 'g')`;
  return `regexp_matches(${unpaired}, '(^|[^\\\\])(\\\\\\\\)*\\\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})')`;
}

function json(
  name: string,
  kind: 'OBJECT' | 'ARRAY',
  own: {
    readonly holds: string;
    readonly expected: string;
    readonly opens: string;
    readonly length: (value: string) => string;
  },
): FieldType {
  return {
    name,
    column: () => 'JSON',
    sql: read(kind),
    config: { keys: [], whole: false, bound: null, constant: (_, text) => castConstant(text, 'JSON') },
    cells: {
      anyText: false,
      mayBeQuick: hasDigit,
      badCharacter: badEscape,
      length: own.length,
      notes: () => [],
    },
    words: {
      holds: own.holds,
      expected: () => own.expected,
      cure: () => null,
      outOfRange: () => null,
      asWritten: () => null,
      meant: () => null,
      choices: () => null,
      otherForm: () => null,
    },
    slices: { columns: ['JSON'], value: () => null },
    compare: {
      scale: 'document',
      axis: null,
      measures: [],
      sameValue: () => false,
      calendar: null,
      within: null,
    },
    drafting: {
      rules: [{ rank: RANK.json, guess: (sample) => guess(sample, name, own.opens) }],
      keyRank: () => null,
    },
  };
}

function guess({ texts }: DraftSample, type: string, opens: string): Guess | null {
  if (!texts.every((text) => text.startsWith(opens))) return null;
  try {
    for (const text of texts) JSON.parse(text);
  } catch {
    return null;
  }
  return { typed: { type } };
}

export const object = json('object', 'OBJECT', {
  holds: 'JSON',
  expected: 'a JSON object',
  opens: '{',
  length: textLength,
});
export const array = json('array', 'ARRAY', {
  holds: 'JSON list',
  expected: 'a JSON list',
  opens: '[',
  length: (value) => `json_array_length(${value})`,
});
