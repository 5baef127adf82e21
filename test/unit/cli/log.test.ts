import { describe, expect, it } from 'vitest';
import { makeLog, neutralise } from '../../../src/cli/log.ts';
import type { CommonOptions } from '../../../src/cli/options.ts';

describe('a text from outside', () => {
  it.each([
    ['\u001b[2J', '\\u001b[2J'],
    ['a\rb', 'a\\u000db'],
    ['\u0000\u0007\u007f\u009b', '\\u0000\\u0007\\u007f\\u009b'],
    ['\u202eevil\u2066', '\\u202eevil\\u2066'],
    ['one\u2028two', 'one\\u2028two'],
  ])('%j cannot rewrite a terminal', (text, shown) => expect(neutralise(text)).toBe(shown));

  it('keeps lines, tabs and every script', () => {
    const text = 'Zürich\t東京\nשלום 👩‍👩‍👧';
    expect(neutralise(text)).toBe(text);
  });
});

describe('log lines', () => {
  function lines(over: Partial<CommonOptions>): string[] {
    const written: string[] = [];
    const streams = {
      stdout: {
        write: () => {
          throw new Error('a log line on stdout');
        },
      },
      stderr: { write: (text: string) => written.push(text) },
    };
    const options = { project: '.', logFormat: 'text', color: true, lockTimeout: 60, ...over } as const;
    const log = makeLog(options, streams, 'run-1', () => new Date('2025-07-03T08:00:00Z'));
    log.info('told');
    log.detail('fine print');
    log.progress('working');
    log.warn('one\ntwo \u001b[31m', { n: 1 });
    return written;
  }

  it('are for people by default, details left out', () => {
    expect(lines({})).toEqual(['told\n', '→ working\n', 'warning: one\n  two \\u001b[31m\n']);
  });

  it('have the details where asked for', () => {
    expect(lines({ verbose: true })).toContain('  · fine print\n');
  });

  it('are warnings alone where all should be quiet', () => {
    expect(lines({ quiet: true, verbose: true })).toEqual(['warning: one\n  two \\u001b[31m\n']);
  });

  it('are one JSON object a line for collectors', () => {
    const [, , last] = lines({ logFormat: 'json' });
    expect(JSON.parse(last as string)).toEqual({
      time: '2025-07-03T08:00:00.000Z',
      level: 'warn',
      run_id: 'run-1',
      message: 'one\ntwo \u001b[31m',
      n: 1,
    });
    expect(last?.trimEnd()).not.toMatch(/[\n\u001b]/);
  });
});
