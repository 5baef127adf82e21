import { describe, expect, it } from 'vitest';
import { MESSAGES } from '../../src/validation/messages.ts';
import { sourceTexts } from './source-texts.ts';
import { NOUNS, WORDS } from './words.ts';

describe('texts that people read', () => {
  const texts = sourceTexts();

  it('are found: messages, hints, descriptions of options and keys', () => {
    expect(texts.length).toBeGreaterThan(1_500);
    expect(texts.some(({ text }) => text.includes('passed the gate for'))).toBe(true);
  });

  it('have no word that is hard to read', () => {
    const wrong = texts.flatMap(({ where, text }) =>
      WORDS.filter(([word]) => word.test(text)).map(([, instead]) => `${where} ${text} (write: ${instead})`),
    );
    expect(wrong).toEqual([]);
  });

  it('count with the right number of the noun: 1 row, 2 rows', () => {
    const wrong = texts.flatMap(({ where, places }) =>
      places
        .filter(({ code, behind }) => NOUNS.test(behind) && !/^[A-Z_0-9]+$/.test(code))
        .map(({ code, behind }) => `${where} \${${code}}${behind}`),
    );
    expect(wrong).toEqual([]);
    const messages = Object.values(MESSAGES).flatMap(({ summary, message, fix }) => [summary, message, fix]);
    const uncounted = messages.filter((text) =>
      (text ?? '')
        .split(/\{[a-z]+\}/)
        .slice(1)
        .some((behind) => NOUNS.test(behind)),
    );
    expect(uncounted).toEqual([]);
  });
});
