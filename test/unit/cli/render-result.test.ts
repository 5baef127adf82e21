import { expect, test } from 'vitest';
import { countsText, renderResult } from '../../../src/cli/render-result.ts';
import { stepResult } from '../../../src/domain/result.ts';

test.each([
  [1, 'rows: 0 added, 1 modified, 1 cell changed'],
  [2000, 'rows: 0 added, 1 modified, 2,000 cells changed'],
])('%d changed cells are counted with the right word', (cells, text) => {
  const unit = stepResult({ step: 'rollback', status: 'done', rows: { added: 0, modified: 1, cells } });
  expect(countsText(unit)).toBe(text);
});

test('records are counted by what happened to them', () => {
  const records = { promoted: 2000, duplicate: 0, failed: 1 };
  const text = renderResult(stepResult({ step: 'records promote', status: 'done', records }));
  expect(text).toContain('\n  records: 2,000 promoted, 0 duplicate, 1 failed\n');
});

test('what comes next is said also where all went well, such as where some records failed beside good ones', () => {
  const done = stepResult({ step: 'records promote', status: 'done', message: '1 promoted.', hint: 'Look.' });
  expect(renderResult(done)).toBe('records promote: done\n  1 promoted.\n  Next: Look.\n');
});
