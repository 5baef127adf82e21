import type { CheckOf } from '../../domain/check.ts';
import { type CheckEnv, columnNamed } from '../check-env.ts';
import { labelOf } from '../layout.ts';
import { softenedBy } from '../strictness.ts';
import { worded } from '../wording.ts';
import type { CatalogueEntry } from './entry.ts';
import { computing, parseExpression, rowsWhere } from './expression.ts';

export const entries: readonly CatalogueEntry[] = [
  {
    code: 'required-when',
    title: 'A value is missing that this row needs',
    meaning:
      'The check names fields that must be filled in the rows for which `when` is true, or in all without `when`. Where a value in `when` is blank, the row passes.',
    example: 'No end date in a row whose status is closed.',
    cure: 'Fill in the cell, or correct what makes it needed.',
    config: '{name: closed_has_end, required: [end_date], when: "status = \'closed\'"}',
  },
];

/** Fields that are required in rows for which a condition holds; each blank cell is a fault of its own. */
export async function checkRequired(env: CheckEnv, check: CheckOf<'required'>): Promise<void> {
  const when = check.when === null ? [] : [await parseExpression(env, check, 'when', check.when)];
  const because = [...new Set(when.flatMap(({ used }) => used))].map(({ field }) => labelOf(field));
  for (const name of check.fields) {
    const column = columnNamed(env, name);
    const words =
      because.length === 0
        ? worded(check, 'required-when.always', { column: labelOf(column.field) })
        : worded(check, 'required-when', { column: labelOf(column.field), because: because.join(', ') });
    const test = [...when.map((_, i) => `"_${i}"`), `"_v${column.index}" IS NULL`].join(' AND ');
    await computing(env, when, () =>
      env.faults.add(
        { name: check.name, severity: check.severity, columns: [column], ...words },
        rowsWhere(env, when, test, [column]),
        softenedBy(check, words.summary, env.read),
      ),
    );
  }
}
