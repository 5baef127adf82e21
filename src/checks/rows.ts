import { z } from 'zod';
import { fileCheck } from './check-module.ts';
import { failed } from './table-finding.ts';
import { fileWords, wordings } from './wording.ts';

const WORDINGS = wordings({
  'row-count.few': {
    summary: 'There are fewer rows than expected',
    message: 'The file has {count|good row}; at least {limit} are expected.',
    fix: 'Check that the whole list was exported.',
  },
  'row-count.many': {
    summary: 'There are more rows than expected',
    message: 'The file has {count|good row}; at most {limit} are expected.',
    fix: 'Check that nothing was exported twice, or for more than this period.',
  },
});

/** How many rows there may be. */
export const rows = fileCheck({
  kind: 'rows',
  about: 'deliveries',
  keys: {
    rows: z
      .strictObject({
        min: z.int().min(0).optional().describe('The fewest rows.'),
        max: z.int().min(0).optional().describe('The most rows.'),
      })
      .optional()
      .describe('How many rows there may be.'),
  },
  resolve({ rows: written }, { report }) {
    const { min = null, max = null } = written ?? {};
    if (min === null && max === null) report(['rows'], 'rows needs min, max or both');
    if (min !== null && max !== null && min > max) report(['rows'], `min ${min} is more than max ${max}`);
    return { min, max };
  },
  needs: () => ({}),
  async make(env, check, count) {
    const { min, max } = check;
    if (min !== null && count < min)
      failed(env, check, fileWords(WORDINGS['row-count.few'], { count, limit: min }));
    if (max !== null && count > max)
      failed(env, check, fileWords(WORDINGS['row-count.many'], { count, limit: max }));
  },
  sentence: ({ min, max }) =>
    `The number of rows is ${min === null ? '' : `at least ${min}`}${min !== null && max !== null ? ' and ' : ''}${max === null ? '' : `at most ${max}`}.`,
  wordings: WORDINGS,
  findings: [
    {
      code: 'row-count',
      title: 'The file has too few or too many rows',
      meaning: 'Rows that passed the other checks are counted.',
      example: '12 rows where at least 1000 are expected.',
      cure: 'Check that the whole list was exported, once.',
      config: '{name: enough, rows: {min: 1000, max: 5000}}',
    },
  ],
  examples: {
    '': { rows: 'rows: {min: 100, max: 5000}' },
    rows: { min: 'min: 100', max: 'max: 5000' },
  },
});
