import type { KeyExamples } from './key-examples.ts';

const CHECKS = 'datasets.<name>.checks[]';
const TREE = 'key: payment_id, parent: parent_id';
const CHANGE: KeyExamples = { max_drop: 'max_drop: 20%', max_rise: 'max_rise: 500' };

export const CHECK_EXAMPLES: Readonly<Record<string, KeyExamples>> = {
  [CHECKS]: {
    name: 'name: enough_rows, rows: {min: 100}',
    severity: 'expect: "amount <= 2500", severity: warning',
    message: 'expect: "amount <= 2500", message: The amount is unusually high.',
    max_failures: 'expect: "amount <= 2500", max_failures: 2%',
    expect: 'expect: "paid_on >= due_on"',
    required: 'required: ended_on, when: "status = \'closed\'"',
    when: 'required: ended_on, when: "status = \'closed\'"',
    unique: 'unique: {fields: [payment_id, paid_on]}',
    hierarchy: `hierarchy: {${TREE}}`,
    rows: 'rows: {min: 100, max: 5000}',
    control: 'control: {sum(amount): file}',
    tolerance: 'control: {sum(amount): file}, tolerance: 0.5',
    versus_previous: 'versus_previous: {rows: {max_drop: 20%}, sum(amount): {max_rise: 40%}}',
    versus_last_year: 'versus_last_year: {rows: {max_drop: 20%}}',
    in_period: 'in_period: paid_on',
    differs_from_previous: 'differs_from_previous: true',
  },
  [`${CHECKS}.unique`]: {
    fields: 'fields: [payment_id, paid_on]',
    across: 'fields: payment_id, across: periods',
  },
  [`${CHECKS}.hierarchy`]: {
    key: TREE,
    parent: TREE,
    level: `${TREE}, level: level`,
    min_depth: `${TREE}, min_depth: 2`,
    max_depth: `${TREE}, max_depth: 6`,
  },
  [`${CHECKS}.rows`]: { min: 'min: 100', max: 'max: 5000' },
  [`${CHECKS}.versus_previous.<name>`]: CHANGE,
  [`${CHECKS}.versus_last_year.<name>`]: CHANGE,
};
