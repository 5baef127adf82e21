import { expect, test } from 'vitest';
import { TidemarkError } from '../../../src/errors/tidemark-error.ts';
import { statementError } from '../../../src/warehouse/duckdb/errors.ts';
import { Conflict } from '../../../src/warehouse/until-no-conflict.ts';

test('a commit that lost against another one is made again', () => {
  const lost = new Error(
    'TransactionContext Error: Failed to commit: PRIMARY KEY or UNIQUE constraint violated',
  );
  expect(statementError(lost, undefined)).toBeInstanceOf(Conflict);
});

test.each([
  'TransactionContext Error: Failed to commit: failed to pin block of size 980.0 KiB (122.0 MiB/122.0 MiB used)',
  'TransactionContext Error: Failed to commit: failed to allocate data of size 16.0 MiB (122.0 MiB/122.0 MiB used)',
])('a commit for which memory is missing ends as what it is: %s', (text) => {
  const said = statementError(new Error(text), undefined);
  expect(said).toBeInstanceOf(TidemarkError);
  expect((said as TidemarkError).code).toBe('statement-failed');
  expect(said.message).toContain('Failed to commit: failed to ');
});
