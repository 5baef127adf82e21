import type { Comparison } from '../../../src/comparison/comparison.ts';

/** A comparison with one of everything; the texts are as hostile as a cell can be. */
export function comparison(over: Partial<Comparison> = {}): Comparison {
  return {
    kind: 'staged',
    dataset: 'people',
    title: '<b>People</b>',
    period: '2025-02',
    slice: 'board=A%26Q',
    file_id: 7,
    before: 'core.people',
    after: 'delivery 7 as staged',
    key: ['id'],
    counts: {
      ...{ before: 1000, after: 1002, added: 2, modified: 413, removed: 1, closed: 0, reopened: 0 },
      ...{ shadowed: 0, unchanged: 586, within_tolerance: 0, not_compared: 3, cells: 413 },
    },
    schema_changes: [{ change: 'added', column: 'nick', before: null, after: 'VARCHAR' }],
    key_problems: [
      {
        side: 'after',
        duplicate_keys: 1,
        duplicate_rows: 2,
        null_rows: 1,
        examples: [{ key: { id: 2 }, rows: 2 }],
      },
    ],
    columns: [{ column: 'region', changed: 412, rate: 0.4124, emptied: 0, filled: 412 }],
    patterns: [{ column: 'region', before: null, after: 'North', rows: 412 }],
    by: [
      {
        column: 'region',
        groups: [{ value: '=1+1', added: 0, modified: 1, removed: 0, closed: 0, unchanged: 0 }],
        of: 3,
      },
    ],
    cells: [
      {
        key: { id: 1 },
        column: 'region',
        before: '<script>alert(1)</script>',
        after: '=cmd()',
        source_row: 2,
      },
      { key: { id: 2 }, column: 'amount', before: 0, after: null, source_row: 3 },
      { key: { id: 3 }, column: 'note', before: '\u001b[31mred\u202e', after: '', source_row: null },
    ],
    rows: [{ change: 'removed', key: { id: 9 }, source_row: null }],
    notes: [],
    tolerance: null,
    personal: 'none',
    fingerprint: 'f'.repeat(64),
    ...over,
  };
}
