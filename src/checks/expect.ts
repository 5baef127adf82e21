import { z } from 'zod';
import { rowCheck } from './check-module.ts';
import { computing, parseExpression, rowsWhere, WHEN } from './expression.ts';
import { labelOf } from './planned-column.ts';
import { softenedBy } from './strictness.ts';
import { spoken, worded, wordings } from './wording.ts';

const WORDINGS = wordings({
  'row-constraint': {
    summary: "The rule '{rule}' does not hold",
    message: "The rule '{rule}' does not hold in this row.",
    fix: 'Check {columns} in this row. Expected: {expected}',
  },
});

/** A boolean SQL expression over the typed columns; rows for which it is false break it. */
export const expect = rowCheck({
  kind: 'expect',
  about: 'rows',
  keys: {
    expect: z
      .string()
      .optional()
      .describe('A SQL expression that must hold for every row; null counts as held.'),
    when: WHEN,
  },
  resolve: (written) => ({ expression: written.expect as string, when: written.when ?? null }),
  needs: () => ({}),
  async make(env, check) {
    const expected = await parseExpression(env, check, 'expect', check.expression);
    const when = check.when === null ? [] : [await parseExpression(env, check, 'when', check.when)];
    const expressions = [expected, ...when];
    const test = when.length === 0 ? 'NOT "_0"' : 'NOT "_0" AND "_1"';
    const columns = [...new Set(expressions.flatMap(({ used }) => used))];
    const labels = columns.map((column) => labelOf(column.field)).join(', ') || 'the values';
    const words = worded(check, WORDINGS['row-constraint'], {
      rule: spoken(check.name),
      columns: labels,
      expected: shownRule(check.expression),
    });
    const fix = check.message === null ? words.fix : () => `Check ${labels} in this row.`;
    await computing(env, expressions, () =>
      env.faults.add(
        { name: check.name, severity: check.severity, columns, ...words, fix },
        rowsWhere(env, expressions, test),
        softenedBy(check, words.summary, env.read),
      ),
    );
  },
  sentence: ({ expression, message, when }) =>
    `${when === null ? 'In every row' : 'In every row that it is about'}: ${message ?? expression.trim()}.`,
  wordings: WORDINGS,
  findings: [
    {
      code: 'row-constraint',
      title: 'A row breaks a rule between its values',
      meaning:
        'The expression of the check is false for the row. Where a value it needs is blank, the row passes; with `when`, only rows for which that is true are checked.',
      example: 'totals is not the sum of the columns beside it.',
      cure: 'Correct the row.',
      config: '{name: adult_income, expect: "income = 0 or age >= 15", when: "is_active", max_failures: 2%}',
    },
  ],
  examples: {
    '': {
      expect: 'expect: "paid_on >= due_on"',
      when: 'expect: "ended_on >= paid_on", when: "status = \'closed\'"',
    },
  },
});

/** Most words of a rule that are shown; a longer text helps nobody. */
const SHOWN_WORDS = 14;

/** A rule without a message of its own, in the words of its author. */
function shownRule(expression: string): string {
  const words = expression.trim().split(/\s+/);
  return `${words.slice(0, SHOWN_WORDS).join(' ')}${words.length > SHOWN_WORDS ? ' …' : ''}`;
}
