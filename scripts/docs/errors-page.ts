import { writeWords } from '../../src/cli/write-words.ts';
import { ERRORS, type ErrorCode } from '../../src/errors/catalogue.ts';
import { ERROR_EXAMPLES } from './error-examples.ts';
import { page, table } from './markdown.ts';

const EXITS: readonly (readonly [string, string, string])[] = [
  ['0', 'done, warnings included; or nothing to do', 'goes on'],
  ['1', 'failed: a defect or a broken machine', 'looks'],
  ['2', 'usage: wrong arguments or configuration, pending migration', 'fixes it; no retry'],
  ['3', 'refused: the data is not acceptable', 'the analyst acts; no retry'],
  ['4', 'blocked: a person must decide', 'the steward acts; no retry'],
  [
    '5',
    'retry: lock busy, database away, file still arriving, waiting for a delivery',
    'retries later; always safe',
  ],
  ['130, 143', 'interrupted; everything was rolled back', 'runs it again'],
];

export function errorsPage(): string {
  const codes = (Object.keys(ERRORS) as ErrorCode[]).sort().map((code) => {
    const { exit, title, cure } = ERRORS[code];
    return [`\`${code}\``, String(exit), title, ERROR_EXAMPLES[code], writeWords(cure)];
  });
  return page(
    'Exit codes and errors',
    'An error stops the program; problems in the data are findings, which are collected and counted ([checks](checks.md)).',
    '## Exit codes',
    table(['exit', 'meaning', 'the caller'], EXITS),
    '## Errors',
    table(['code', 'exit', 'what happened', 'for example', 'what to do'], codes),
  );
}
