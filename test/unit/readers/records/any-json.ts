import fc from 'fast-check';

const numbers = fc.constantFrom(
  ...['0', '-0', '1.10', '1E+2', '1e400', '-12345678901234567890', '9007199254740993', '0.1e-7', '3'],
);
const strings = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('', '__proto__', 'a', 'b', 'é', '😀', '\\', '"', '/', '\n\t', '\u0000', '\u2028', '\ufeff'),
);
const blanks = fc.constantFrom('', '', '', ' ', '\n', '\r\n', '\t ');

/** A string as JSON may write it: plainly, or with each character as an escape. */
const writtenString = fc
  .tuple(strings, fc.boolean())
  .map(([text, escaped]) =>
    escaped
      ? `"${[...Array(text.length).keys()].map((i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`
      : JSON.stringify(text),
  );

/** Texts that are JSON, in every form in which it may be written. Members may occur twice. */
export const { value: jsonText, object: jsonObject } = fc.letrec<{
  value: string;
  object: string;
  array: string;
}>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    numbers,
    writtenString,
    fc.constantFrom('null', 'true', 'false'),
    tie('object'),
    tie('array'),
  ),
  object: fc
    .tuple(fc.array(fc.tuple(writtenString, blanks, tie('value')), { maxLength: 5 }), blanks)
    .map(
      ([members, blank]) =>
        `{${blank}${members.map(([name, gap, value]) => `${name}${gap}:${gap}${value}${blank}`).join(`,${blank}`)}}`,
    ),
  array: fc
    .tuple(fc.array(tie('value'), { maxLength: 4 }), blanks)
    .map(([values, blank]) => `[${blank}${values.map((value) => `${value}${blank}`).join(`,${blank}`)}]`),
}));

const STRAY = [
  ...'{}[]":,\\/\'+-.0123eEuxntN\n\t\u0001\u00a0\ufeffé\ud83d\ude00'.split(''),
  'NaN',
  'Infinity',
].concat([
  '\\ud83d',
  '\\ude00',
  '/**/',
  '//',
  'nul',
  'null',
  'true',
  '[]',
  '{}',
  '"a":1',
  ',,',
  '\\u00',
  '1.',
  '.5',
  '01',
]);

/** JSON texts with some characters put in, replaced or removed. */
export const nearlyJson = fc
  .tuple(jsonText, fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom(...STRAY)), { maxLength: 2 }))
  .map(([text, changes]) =>
    changes.reduce((written, [where, removed, stray]) => {
      const at = where % (written.length + 1);
      return written.slice(0, at) + stray + written.slice(at + removed);
    }, text),
  );

/** What a strict reader thinks of a text: JSON.parse takes half characters too. */
export function isStrictJson(text: string): boolean {
  try {
    JSON.parse(text);
  } catch {
    return false;
  }
  const escapes = text
    .replaceAll('\\\\', '')
    .replace(/\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}/g, '');
  return !/\p{Surrogate}/u.test(text) && !/\\u[dD][89a-fA-F]/.test(escapes);
}
