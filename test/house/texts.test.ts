import { describe, expect, it } from 'vitest';
import { ALL_WORDINGS } from '../../src/validation/catalogue.ts';
import { filesBelow, read } from './repository.ts';
import { sourceComments, sourceTexts } from './source-texts.ts';
import { NOUNS, WORDS } from './words.ts';

/** Texts that have one of the words, each with what to write instead. */
function having(texts: readonly { readonly where: string; readonly text: string }[]): string[] {
  return texts.flatMap(({ where, text }) =>
    WORDS.filter(([word]) => word.test(text)).map(([, instead]) => `${where} ${text} (write: ${instead})`),
  );
}

describe('texts that people read', () => {
  const texts = sourceTexts();

  it('are found: messages, hints, descriptions of options and keys', () => {
    expect(texts.length).toBeGreaterThan(1_500);
    expect(texts.some(({ text }) => text.includes('passed the gate for'))).toBe(true);
  });

  it('have no word that is hard to read', () => {
    expect(having(texts)).toEqual([]);
  });

  it('count with the right number of the noun: 1 row, 2 rows', () => {
    const wrong = texts.flatMap(({ where, places }) =>
      places
        .filter(({ code, behind }) => NOUNS.test(behind) && !/^[A-Z_0-9]+$/.test(code))
        .map(({ code, behind }) => `${where} \${${code}}${behind}`),
    );
    expect(wrong).toEqual([]);
    const messages = Object.values(ALL_WORDINGS).flatMap(({ summary, message, fix }) => [
      summary,
      message,
      fix,
    ]);
    const uncounted = messages.filter((text) =>
      (text ?? '')
        .split(/\{[a-z]+\}/)
        .slice(1)
        .some((behind) => NOUNS.test(behind)),
    );
    expect(uncounted).toEqual([]);
  });
});

describe('comments', () => {
  const comments = sourceComments();

  it('are found, and texts with // in them are none', () => {
    expect(comments.length).toBeGreaterThan(3_000);
    expect(
      comments.some(({ text }) => text.startsWith('A whole number as people read it: `12`, `2,000`.')),
    ).toBe(true);
    expect(comments.filter(({ text }) => /^[a-z.]+\.org\b/.test(text))).toEqual([]);
  });

  it('have no word that a maintainer would have to look up or read twice', () => {
    expect(having(comments)).toEqual([]);
  });
});

describe('pages', () => {
  it('have no word that a reader would have to look up or read twice', () => {
    const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md']
      .concat(filesBelow('docs', '.md'), filesBelow('examples', '.md'))
      .flatMap((path) =>
        read(path)
          .split('\n')
          .map((text, i) => ({ where: `${path}:${i + 1}`, text })),
      );
    expect(having(pages)).toEqual([]);
  });
});
