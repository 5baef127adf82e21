import { describe, expect, it } from 'vitest';
import type { Guards } from '../../../src/domain/dataset.ts';
import type { Threshold } from '../../../src/domain/threshold.ts';
import type { DiffCounts } from '../../../src/promotion/diff.ts';
import { passGuards, trippedGuards } from '../../../src/promotion/guards.ts';
import { dataset, field } from '../gate/dataset-for-test.ts';

const none: Guards = {
  max_removed: null,
  max_modified: null,
  max_added: null,
  max_drop: null,
  max_changed: new Map(),
  min_rows: null,
};
const share = (value: number): Threshold => ({ kind: 'share', value, text: `${value * 100}%` });
const count = (value: number): Threshold => ({ kind: 'count', value, text: String(value) });
const counts = (over: Partial<DiffCounts>): DiffCounts => ({
  read: 100,
  added: 0,
  modified: 0,
  removed: 0,
  closed: 0,
  shadowed: 0,
  unchanged: 0,
  cells: 0,
  scope: 100,
  ...over,
});
const names = (guards: Partial<Guards>, over: Partial<DiffCounts>) => {
  const plain = dataset([field('id')]);
  const guarded = { ...plain, core: { ...plain.core, guards: { ...none, ...guards } } };
  return trippedGuards(guarded, counts(over)).map((guard) => guard.name);
};

describe('guards', () => {
  it('trip above a share of the core rows in scope, not at it', () => {
    expect(names({ max_modified: share(0.05) }, { modified: 5 })).toEqual([]);
    expect(names({ max_modified: share(0.05) }, { modified: 6 })).toEqual(['max_modified']);
  });

  it('say that the source may be incomplete where staging has fewer rows than core', () => {
    expect(names({ max_drop: share(0.05) }, { read: 95 })).toEqual([]);
    expect(names({ max_drop: count(0) }, { read: 101 })).toEqual([]);
    const plain = dataset([field('id')]);
    const guarded = {
      ...plain,
      core: { ...plain.core, guards: { ...none, max_drop: share(0.05) } },
    };
    expect(trippedGuards(guarded, counts({ read: 15_021, scope: 30_000 }))).toEqual([
      {
        name: 'max_drop',
        figures:
          'staging has 15,021 rows and core 30,000 (49.9% fewer); the source, or what fetches it, ' +
          'may need fixing, allowed are 5%',
      },
    ]);
  });

  it('count closed rows as removed', () => {
    expect(names({ max_removed: count(3) }, { removed: 2, closed: 2 })).toEqual(['max_removed']);
  });

  it('compare added rows too', () => {
    expect(names({ max_added: count(3) }, { added: 4 })).toEqual(['max_added']);
  });

  it('say nothing without core rows in scope, but for min_rows', () => {
    const all = {
      max_removed: count(0),
      max_modified: count(0),
      max_added: count(0),
      max_drop: count(0),
      min_rows: 101,
    };
    expect(names(all, { scope: 0, added: 9, modified: 9, removed: 9 })).toEqual(['min_rows']);
  });

  it('are passed by name alone', () => {
    const tripped = [
      { name: 'max_added', figures: 'a' },
      { name: 'min_rows', figures: 'b' },
    ];
    const target = { dataset: 'd', period: '2025-01', slice: 'board=AQA/level=a%20b' };
    const by = { reason: 'r', by: 'Eve' };
    expect(() => passGuards(tripped, [{ name: 'min_rows', ...by }], target)).toThrow(/^Guard max_added: a\./);
    expect(
      passGuards(
        tripped,
        [
          { name: 'min_rows', ...by },
          { name: 'max_added', ...by },
        ],
        target,
      ),
    ).toEqual([
      { name: 'max_added', figures: 'a', ...by },
      { name: 'min_rows', figures: 'b', ...by },
    ]);
  });
});
