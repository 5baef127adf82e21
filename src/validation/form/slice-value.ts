import { labelOf } from '../../checks/planned-column.ts';
import { fileWords } from '../../checks/wording.ts';
import { literal } from '../../sql/sql.ts';
import { sliceSql } from '../cell-sql.ts';
import { constraintsOf } from '../constraint-sql.ts';
import { MESSAGES } from '../messages.ts';
import type { SourceEnv } from '../source-env.ts';
import { expected, formOf } from './expected.ts';

/**
 * The rules of a field (type, form and limits) also apply to the slice of its name where the file has no such column.
 * The gate has already checked lists and lengths. One statement per column, on the value and without any row.
 */
export async function checkSliceValues(env: SourceEnv): Promise<void> {
  const declared = new Set(env.dataset.fields.map(({ name }) => name));
  for (const column of env.plan) {
    const { slice, source, field } = column;
    if (slice === null || source !== null || !declared.has(column.name)) continue;
    const constraints = constraintsOf(field, 'v', 'k');
    const tests = constraints.map(({ broken }, n) => `coalesce(${broken}, false) AS b${n}`);
    const found = await env.engine.row<Record<string, unknown>>(
      `SELECT ${['v IS NULL AS untyped', ...tests].join(', ')}
       FROM (SELECT ${literal(slice)} AS k, ${sliceSql(column)} AS v)`,
    );
    const broken = constraints.find((_, n) => isTrue(found[`b${n}`]));
    if (!isTrue(found.untyped) && broken === undefined) continue;
    const wanted = isTrue(found.untyped)
      ? expected(field)
      : broken?.fault === 'pattern'
        ? `of the form ${formOf(field.constraints.pattern ?? '')}`
        : 'a value that the column may have';
    env.tableFindings.push({
      name: `slice ${column.name}`,
      severity: 'error',
      field: column.name,
      ...fileWords(MESSAGES['slice-value'], {
        column: labelOf(field),
        value: field.pii ? 'a value' : `'${slice}'`,
        wanted,
      }),
    });
  }
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
