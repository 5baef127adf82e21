import type { Field } from '../domain/dataset.ts';
import { listed } from '../domain/listed.ts';
import { literal } from '../sql/sql.ts';
import { textLength } from './cell-rules.ts';
import { castConstant } from './constant.ts';
import { type DraftSample, type Guess, RANK } from './drafting.ts';
import type { FieldType } from './field-type.ts';
import { isKind, type TypeRule } from './type-sql.ts';

const sql: TypeRule = (field, names) => {
  const among = (text: string, values: readonly string[]) =>
    values.length === 0 ? 'false' : `${text} IN (${values.map(literal).join(', ')})`;
  return {
    cast: null,
    quick: `(${among(names.raw, field.trueValues)} OR ${among(names.raw, field.falseValues)})`,
    sound: null,
    quickValue: `CASE WHEN ${among(names.raw, field.trueValues)} THEN true WHEN ${among(names.raw, field.falseValues)} THEN false END`,
    parse: `CASE WHEN ${isKind(names, 'b', 'l')} THEN upper(${names.text}) = 'TRUE'
      WHEN ${isKind(names, 'd', 't')} THEN NULL
      WHEN ${among(names.text, field.trueValues)} THEN true
      WHEN ${among(names.text, field.falseValues)} THEN false END`,
  };
};

export const boolean: FieldType = {
  name: 'boolean',
  column: () => 'BOOLEAN',
  sql,
  config: {
    keys: ['trueValues', 'falseValues'],
    whole: false,
    bound: null,
    constant: (field, text) => {
      if (field.trueValues.includes(text)) return 'true';
      return field.falseValues.includes(text) ? 'false' : castConstant(text, 'BOOLEAN');
    },
  },
  cells: {
    anyText: false,
    mayBeQuick: () => true,
    badCharacter: null,
    length: textLength,
    notes: () => [],
  },
  words: {
    holds: 'yes or no',
    expected: (field) => `one of ${listed(wordsOf(field).map((value) => `'${value}'`))}`,
    cure: () => null,
    outOfRange: () => null,
    asWritten: (field, text) =>
      (/^(t|true|1)$/i.test(text) ? field.trueValues : field.falseValues)[0] ?? null,
    meant: () => null,
    choices: wordsOf,
    otherForm: () => null,
  },
  slices: { columns: ['BOOLEAN'], value: (text, _, field) => truth(text, field) },
  compare: {
    scale: 'named',
    axis: null,
    measures: [],
    sameValue: () => false,
    calendar: null,
    within: null,
  },
  drafting: { rules: [{ rank: RANK.truth, guess }], keyRank: () => null },
};

function wordsOf({ trueValues, falseValues }: Field): readonly string[] {
  return [...trueValues, ...falseValues];
}

function truth(text: string, field: Field | null): string | null {
  if ((field?.trueValues ?? ['true']).includes(text)) return 'true';
  return (field?.falseValues ?? ['false']).includes(text) ? 'false' : null;
}

const PAIRS: readonly (readonly [string, string])[] = [
  ['true', 'false'],
  ['yes', 'no'],
  ['y', 'n'],
  ['ja', 'nein'],
  ['oui', 'non'],
  ['si', 'no'],
  ['sí', 'no'],
  ['sì', 'no'],
  ['sim', 'não'],
  ['tak', 'nie'],
  ['j', 'n'],
  ['t', 'f'],
  ['wahr', 'falsch'],
  ['vrai', 'faux'],
];

function guess({ texts, kinds }: DraftSample): Guess | null {
  if (kinds.size === 1 && (kinds.has('b') || kinds.has('l'))) return { typed: { type: 'boolean' } };
  const lower = new Set(texts.map((text) => text.toLowerCase()));
  const pair = PAIRS.find(([yes, no]) => lower.has(yes) && lower.has(no) && lower.size === 2);
  if (!pair) return null;
  if (pair[0] === 'true' && texts.every((text) => /^(true|True|TRUE|false|False|FALSE)$/.test(text)))
    return { typed: { type: 'boolean' } };
  const spelled = (word: string) => texts.filter((text) => text.toLowerCase() === word);
  return { typed: { type: 'boolean', trueValues: spelled(pair[0]), falseValues: spelled(pair[1]) } };
}
