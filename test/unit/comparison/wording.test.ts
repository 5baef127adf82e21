import { describe, expect, it } from 'vitest';
import {
  keyProblemText,
  patternText,
  percent,
  rowLabel,
  valueText,
  verdict,
} from '../../../src/comparison/wording.ts';
import { combinedFingerprint } from '../../../src/promotion/change/change-fingerprint.ts';
import { comparison } from './comparison-for-test.ts';

describe('the words of a comparison', () => {
  it('tell a pattern as a sentence, and empty from 0 and from a text without characters', () => {
    expect(comparison().patterns.map(patternText)).toEqual(['412 rows: region empty → North']);
    expect([null, 0, '', false].map(valueText)).toEqual(['empty', '0', '""', 'false']);
  });

  it('say what differs, columns first, or that nothing does', () => {
    expect(verdict([comparison()])).toBe(
      '1 column differs in kind, 2 added, 413 modified (413 cells), 1 removed, 3 rows without a usable key; 586 unchanged.',
    );
    const counts = { ...comparison().counts, added: 0, modified: 0, removed: 0, not_compared: 0 };
    expect(verdict([comparison({ counts, schema_changes: [], key_problems: [] })])).toBe('No difference.');
  });

  it('name keys that cannot tell rows apart', () => {
    const [problem] = comparison().key_problems;
    expect(keyProblemText(problem as NonNullable<typeof problem>, ['id'])).toBe(
      'After: 1 key is in more than one row (id 2: 2 rows), and 1 row has no id. They are compared with nothing.',
    );
  });

  it('name a row by what tells it apart within its slice', () => {
    const sliced = comparison({ slice: 'exam%5Fboard=aqa' });
    expect(rowLabel(sliced, { exam_board: 'aqa', code: '8-1.2' })).toBe('code 8-1.2');
    expect(rowLabel(sliced, { exam_board: 'aqa' })).toBe('exam_board aqa');
    expect(rowLabel(comparison({ slice: '' }), { exam_board: 'aqa' })).toBe('exam_board aqa');
  });

  it('never round a share to none or all', () => {
    expect([null, 0, 0.00001, 0.5, 0.99999, 1].map(percent)).toEqual([
      '',
      '0.00%',
      '<0.01%',
      '50.00%',
      '>99.99%',
      '100.00%',
    ]);
  });
});

describe('the fingerprint of several slices', () => {
  it('is the one of a single slice, and does not depend on their order', () => {
    expect(combinedFingerprint(['a'])).toBe('a');
    expect(combinedFingerprint(['a', 'b'])).toBe(combinedFingerprint(['b', 'a']));
    expect(combinedFingerprint(['a', 'b'])).not.toBe(combinedFingerprint(['a', 'c']));
  });
});
