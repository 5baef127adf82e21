import { rowCheck } from './check-module.ts';
import { knownFields } from './check-place.ts';
import { computing, parseExpression, rowsWhere, WHEN } from './expression.ts';
import { columnNamed, labelOf } from './planned-column.ts';
import { oneOrMany } from './schema-words.ts';
import { softenedBy } from './strictness.ts';
import { worded, wordings } from './wording.ts';

const WORDINGS = wordings({
  'required-when': {
    summary: '{column} is missing; this row needs it, as {because} says',
    message: '{column} is missing; this row needs it, as {because} says.',
    fix: 'Fill in the cell, or check {because} in this row.',
  },
  'required-when.always': {
    summary: '{column} is missing; every row needs it',
    message: '{column} is missing; every row needs it.',
    fix: 'Fill in the cell.',
  },
});

/** Fields that are required in rows for which a condition holds; each blank cell is a fault of its own. */
export const required = rowCheck({
  kind: 'required',
  about: 'rows',
  keys: {
    required: oneOrMany.optional().describe('Fields that must be filled, where `when` holds.'),
    when: WHEN,
  },
  resolve: (written, place) => ({
    fields: knownFields(written.required, ['required'], place),
    when: written.when ?? null,
  }),
  needs: () => ({}),
  async make(env, check) {
    const when = check.when === null ? [] : [await parseExpression(env, check, 'when', check.when)];
    const because = [...new Set(when.flatMap(({ used }) => used))].map(({ field }) => labelOf(field));
    for (const name of check.fields) {
      const column = columnNamed(env, name);
      const words =
        because.length === 0
          ? worded(check, WORDINGS['required-when.always'], { column: labelOf(column.field) })
          : worded(check, WORDINGS['required-when'], {
              column: labelOf(column.field),
              because: because.join(', '),
            });
      const test = [...when.map((_, i) => `"_${i}"`), `"_v${column.index}" IS NULL`].join(' AND ');
      await computing(env, when, () =>
        env.faults.add(
          { name: check.name, severity: check.severity, columns: [column], ...words },
          rowsWhere(env, when, test, [column]),
          softenedBy(check, words.summary, env.read),
        ),
      );
    }
  },
  sentence: ({ fields, when }, labels) =>
    `${labels(fields)}: filled in every row${when === null ? '' : ' that needs it'}.`,
  wordings: WORDINGS,
  findings: [
    {
      code: 'required-when',
      title: 'A value is missing that this row needs',
      meaning:
        'The check names fields that must be filled in the rows for which `when` is true, or in all without `when`. Where a value in `when` is blank, the row passes.',
      example: 'No end date in a row whose status is closed.',
      cure: 'Fill in the cell, or correct what makes it needed.',
      config: '{name: closed_has_end, required: [end_date], when: "status = \'closed\'"}',
    },
  ],
  examples: {
    '': {
      required: 'required: ended_on, when: "status = \'closed\'"',
    },
  },
});
