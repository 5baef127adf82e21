import type { KeyExamples } from './key-examples.ts';

const REFERENCE = 'column: region_id, fields: region_code, dataset: regions';

export const CORE_EXAMPLES: Readonly<Record<string, KeyExamples>> = {
  'datasets.<name>.core': {
    table: 'table: benefit_payments',
    key: 'key: [payment_id, paid_on]',
    strategy: 'strategy: upsert',
    covers: 'strategy: upsert, covers: all',
    missing: 'strategy: upsert, covers: all, missing: close',
    on_duplicate: 'on_duplicate: update',
    guards: 'guards: {max_removed: 5%}',
    identity: 'identity: payment_no',
    references: `references: [{${REFERENCE}}]`,
    rollout: 'rollout: staged',
    review: 'review: required',
  },
  'datasets.<name>.core.guards': {
    max_removed: 'max_removed: 5%',
    max_modified: 'max_modified: 50%',
    max_added: 'max_added: 1000',
    max_drop: 'max_drop: 0',
    max_changed: 'max_changed: {amount: 10%, "*": 50%}',
    min_rows: 'min_rows: 100',
  },
  'datasets.<name>.core.references[]': { column: REFERENCE, fields: REFERENCE, dataset: REFERENCE },
};
