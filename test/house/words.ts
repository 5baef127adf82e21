/** Words that texts for people do not have, and what to write instead. */
export const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\bstand(s|ing)?\b/i, 'is, occurs, follows, is repeated'],
  [/\bnone (is|are) allowed\b/i, 'say what may not be: no row may be rejected'],
  [/\bis not done twice\b/i, 'say that there is nothing to do'],
  [/\w\((s|es)\)/, 'the number with its noun: counted(n, "row")'],
  [
    /\b1 (rows|cells|files|values|errors|warnings|columns|sheets|days|deliveries|promotions)\b/,
    'the singular',
  ],
  [/\bin earnest\b|\bcome to nothing\b|\bhas no say\b|\bbe it\b/i, 'plain words'],
  [/\b(utilize|leverage|facilitate)/i, 'use, let'],
];

/** Nouns that are counted: a number in front of one goes through `counted` (or `{count|row}` in a message). */
export const NOUNS =
  /^ (more |other |good |core |hidden |different )?(rows|cells|files|values|warnings|columns|errors|records|deliveries|days|tables|sheets|findings|runs|keys|periods|months|promotions|datasets|lines|characters|levels|numbers|marts|corrections|folders|calls)\b/;
