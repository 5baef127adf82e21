/**
 * Words that texts, comments and pages do not have, and what to write instead: riddles, and unusual words for usual
 * things. Most of them are hard to find in a dictionary in the meaning that they would have here.
 */
export const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\b(stand|stands|standing|stood)\b(?! for\b)(?!-in)/i, 'is, occurs, follows, is written'],
  [/\b(become|becomes|became|came) of\b/i, 'what happens to, the outcome of'],
  [/\b(said|told) of\b/i, 'said about, reported'],
  [/\bspeaks? against\b/i, 'the cost of, a reason against'],
  [/\banew\b/i, 'again'],
  [/\bwithout a word\b/i, 'silently'],
  [/\b(but|save) for\b|\b(is|was|are|nothing|none|nobody) but\b/i, 'except, only'],
  [/, for (it|they|he|she|there|nobody)\b/i, 'because'],
  [/\b(held|hold|holds) against\b/i, 'compared with'],
  [/\bbe (it|they)\b/i, 'even if'],
  [/\bnone (is|are) allowed\b|\bis not done twice\b|\bone's own\b/i, 'say who does what'],
  [/\bin earnest\b|\bcome to nothing\b|\bhas no say\b|\blets? (it|them|be) be\b|\blet be\b/i, 'plain words'],
  [
    /\b(amidst?|midst|likewise|whereby|thereof|hence|lest|nought|whilst|akin|amiss|wherefore|ere)\b/i,
    'plain words',
  ],
  [/\b(shall|ought)\b/i, 'must, should, will'],
  [/\btak(e|es|en|ing) (it |them |that )?back\b/i, 'roll back, undo'],
  [/\bdoubled (key|row|header|name|column|cell)/i, 'duplicate'],
  [/\bgather(s|ed|ing)?\b/i, 'collect'],
  [/\bhand(s|ed|ing)? (on|out)\b/i, 'pass on'],
  [/\bdearer\b/i, 'costs more'],
  [/\b(lie|lies|lay) (on|under|beside|behind|below|at|between)\b/i, 'is'],
  [/\bto be had\b|\bat hand\b/i, 'exists, is known'],
  [/\b(a|an) (unit|slice|period|rule|check|statement) a\b|\bone an?\b/i, 'one per'],
  [/\b(utili[sz]e|leverage|facilitate)/i, 'use, let'],
  [/\w\((s|es)\)/, 'the number with its noun: counted(n, "row")'],
  [
    /\b1 (rows|cells|files|values|errors|warnings|columns|sheets|days|deliveries|promotions)\b/,
    'the singular',
  ],
];

/** Nouns that are counted: a number in front of one goes through `counted` (or `{count|row}` in a message). */
export const NOUNS =
  /^ (more |other |good |core |hidden |different )?(rows|cells|files|values|warnings|columns|errors|records|deliveries|days|tables|sheets|findings|runs|keys|periods|months|promotions|datasets|lines|characters|levels|numbers|marts|corrections|folders|calls)\b/;
