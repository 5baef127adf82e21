import { periodDays } from '../domain/period.ts';
import { fieldType, typeOf } from '../types/registry.ts';
import { rowCheck } from './check-module.ts';
import { knownFields } from './check-place.ts';
import { columnNamed, labelOf } from './planned-column.ts';
import { name } from './schema-words.ts';
import { softenedBy } from './strictness.ts';
import { notMade } from './table-finding.ts';
import { worded, wordings } from './wording.ts';

const WORDINGS = wordings({
  'out-of-period': {
    summary: '{column}: not in {period}',
    message: '{column}: {value} is not in {period}, the period of this file.',
    fix: 'Correct the value, or deliver the row with the period it belongs to.',
  },
});

/** Every value of a column lies in the period of the delivery. */
export const inPeriod = rowCheck({
  kind: 'in_period',
  about: 'deliveries',
  keys: { in_period: name.optional().describe('A date field whose values must lie in the period.') },
  resolve(written, place) {
    const field = knownFields(written.in_period, ['in_period'], place)[0] as string;
    const type = place.fields.get(field)?.type;
    if (type !== undefined && typeOf(type).compare.within === null)
      place.report(['in_period'], `in_period needs a field of dates; '${field}' is of type ${type}`);
    return { field };
  },
  needs: () => ({}),
  async make(env, check) {
    const column = columnNamed(env, check.field);
    const days = periodDays(env.basis.period);
    if (days === null) {
      notMade(env, check, 'the dataset has no periods');
      return;
    }
    const value = `v${column.index}`;
    // The configuration lets no other types pass.
    const within = fieldType(column.field).compare.within?.(value, days) ?? 'true';
    const label = labelOf(column.field);
    const words = worded(check, WORDINGS['out-of-period'], { column: label, period: env.basis.period.text });
    await env.faults.add(
      { ...words, name: check.name, severity: check.severity, columns: [column] },
      `SELECT rid FROM ${env.rows.judged} WHERE ${value} IS NOT NULL AND NOT (${within})`,
      softenedBy(check, words.summary, env.read),
    );
  },
  sentence: ({ field }, labels) => `${labels([field])} lies in the period of the file.`,
  wordings: WORDINGS,
  findings: [
    {
      code: 'out-of-period',
      title: 'A date is outside of the period of the file',
      meaning: 'Every value of the column has to lie in the period that the file name says.',
      example: '2025-05-31 in a file of 2025-06.',
      cure: 'Check whether the right month was exported; take the rows out that belong elsewhere.',
      config: '{name: right_month, in_period: end_date, max_failures: 1%}',
    },
  ],
  examples: { '': { in_period: 'in_period: paid_on' } },
});
