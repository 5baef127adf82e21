import { describe, expect, it } from 'vitest';
import { ERROR_EXAMPLES } from '../../../scripts/docs/error-examples.ts';
import { writeWords } from '../../../src/cli/write-words.ts';
import { ERRORS, type ErrorCode } from '../../../src/errors/catalogue.ts';
import { TidemarkError } from '../../../src/errors/tidemark-error.ts';

describe('the catalogue of errors', () => {
  it.each(Object.entries(ERRORS))('%s says what happened and what to do, in sentences', (code, entry) => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect([1, 2, 3, 4, 5]).toContain(entry.exit);
    expect(entry.title).toMatch(/^[A-Z].*\.$/);
    expect(writeWords(entry.cure)).toMatch(/^[A-Z`].*\.$/);
  });

  it.each(Object.entries(ERRORS))(
    '%s is told in 25 words at most, with an example',
    (code, { title, cure }) => {
      const example = ERROR_EXAMPLES[code as ErrorCode];
      expect(example).toMatch(/\.$/);
      for (const text of [title, writeWords(cure), example])
        expect(text.split(/\s+/).length, text).toBeLessThanOrEqual(25);
    },
  );

  it('maps what a caller may repeat to 5 and what no repetition fixes to other codes', () => {
    const exit = (code: ErrorCode) => ERRORS[code].exit;
    expect([exit('lock-busy'), exit('database-unreachable'), exit('nothing-landed')]).toEqual([5, 5, 5]);
    expect([exit('file-arriving'), exit('reference-not-loaded')]).toEqual([5, 5]);
    expect([exit('bad-config'), exit('usage'), exit('migration-pending')]).toEqual([2, 2, 2]);
    expect([exit('file-refused'), exit('changed-since-ingest'), exit('empty-delivery')]).toEqual([3, 3, 3]);
    expect([exit('guard-tripped'), exit('blocked-delivery'), exit('duplicate-key')]).toEqual([4, 4, 4]);
  });
});

describe('an error', () => {
  it('has the exit code and the cure of its code', () => {
    const error = new TidemarkError('lock-busy', { message: 'Another run holds citizens.' });
    expect(error).toMatchObject({ exitCode: 5, hint: ERRORS['lock-busy'].cure, where: {} });
    expect(new TidemarkError('lock-busy', { message: 'x', hint: 'wait' }).hint).toBe('wait');
  });

  it('keeps its own place and cause when a step adds where it was', () => {
    const cause = new Error('below');
    const error = new TidemarkError('file-refused', { message: 'x', where: { dataset: 'a' }, cause });
    expect(error.at({ dataset: 'b', period: '2025-06' })).toMatchObject({
      code: 'file-refused',
      message: 'x',
      where: { dataset: 'a', period: '2025-06' },
      cause,
    });
  });
});
