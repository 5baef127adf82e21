import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/domain/dataset.ts';
import { MASK, shownValue } from '../../../src/domain/shown-value.ts';
import { dataset, field } from '../gate/dataset-for-test.ts';

const plain = dataset([field('id'), field('name', { pii: true })], { pattern: 'c_{board}_{period}.csv' });
const citizens: Dataset = { ...plain, core: { ...plain.core, identity: 'citizen_no' } };

describe('a value in a message', () => {
  it('is masked where the field is personal, and where a model may have made it of such a field', () => {
    expect(shownValue(citizens, 'name', 'Ada')).toBe(MASK);
    expect(shownValue(citizens, 'initials', 'A')).toBe(MASK);
  });

  it('is shown where it says nothing of a person: other fields, slices, surrogate keys', () => {
    expect([
      shownValue(citizens, 'id', 7),
      shownValue(citizens, 'board', 'AQA'),
      shownValue(citizens, 'citizen_no', 1),
    ]).toEqual([...['7', 'AQA', '1']]);
  });
});
