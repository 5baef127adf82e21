import { describe, expect, it } from 'vitest';
import { writeWords } from '../../../src/cli/write-words.ts';
import { sliceOptions } from '../../../src/domain/slice.ts';
import { decidedBy } from '../../../src/domain/who-and-why.ts';
import {
  Advice,
  blank,
  command,
  joinWords,
  literal,
  option,
  options,
  words,
  writtenBy,
} from '../../../src/errors/advice.ts';

describe('words on the command line', () => {
  it('are the text itself where they name no command', () => {
    expect(words`Wait for ${3} files${null}.`).toBe('Wait for 3 files.');
    expect(writeWords('Deliver the file again.')).toBe('Deliver the file again.');
  });

  it('tell commands with their flags, in the order in which they were given', () => {
    const told = words`Run: ${command('load-stage', { period: '2025-06', fileId: 7, allowEmpty: true })}.`;
    expect(writeWords(told)).toBe('Run: tidemark load-stage --period 2025-06 --file-id 7 --allow-empty.');
    expect(writeWords(words`See ${command('history', { dataset: undefined })}`)).toBe('See tidemark history');
    expect(writeWords(words`Leave ${option('lockTimeout')} out.`)).toBe('Leave --lock-timeout out.');
    expect(writeWords(words`${command('init', { from: blank('FILE') }, 'a folder')}`)).toBe(
      "tidemark init --from FILE 'a folder'",
    );
  });

  it('can be pasted: what a shell would take apart is quoted', () => {
    const slice = sliceOptions([
      ['board', 'A&B'],
      ['level', "a level's"],
    ]);
    expect(writeWords(words`${options(slice)}`)).toBe("--slice 'board=A&B' --slice 'level=a level'\\''s'");
    expect(writeWords(words`${options(sliceOptions('board=AQA/level=gcse'))}`)).toBe(
      '--slice board=AQA --slice level=gcse',
    );
    expect(sliceOptions('')).toEqual({});
    expect(writeWords(words`${options({ delimiter: literal(';') })}`)).toBe("--delimiter ';'");
  });

  it('name who decided and why, or show where to write it', () => {
    expect(writeWords(words`${options(decidedBy())}`)).toBe('--by NAME --reason "…"');
    expect(writeWords(words`${options(decidedBy({ by: 'Vera Smit', reason: 'agreed' }))}`)).toBe(
      "--by 'Vera Smit' --reason agreed",
    );
  });

  it('keep their commands when they are put together', () => {
    const each = [words`a ${option('one')}`, 'b', words`${option('two')}`];
    expect(writeWords(words`(${joinWords(each, '; ')})`)).toBe('(a --one; b; --two)');
    expect(joinWords(['a', 'b'], ' ')).toBe('a b');
  });
});

describe('advice', () => {
  it('is kept as the text of the surface that writes it, wherever it stands in a value', () => {
    const answer = { hint: words`Run: ${command('run')}`, results: [{ hint: words`${option('all')}` }] };
    expect(JSON.stringify(answer, writtenBy(writeWords))).toBe(
      '{"hint":"Run: tidemark run","results":[{"hint":"--all"}]}',
    );
  });

  it('has the names alone for programmers', () => {
    const told = words`${option('where')} is wrong; see ${command('history', { dataset: 'a' })}`;
    expect(told).toBeInstanceOf(Advice);
    expect(String(told)).toBe('where is wrong; see history dataset');
  });
});
