import type { Rule } from '../../checks/rule.ts';
import { counted } from '../../domain/count.ts';
import { expected } from '../form/expected.ts';

/** Most words of an expectation: longer lists are in the message. */
const LISTED = 8;

/** What the cell should have held, in an analyst's words; null where the message says everything. */
export function expectedOf(rule: Rule): string | null {
  const [column] = rule.columns;
  if (column === undefined) return null;
  const { field } = column;
  const { constraints } = field;
  if (rule.code === 'type-error') return expected(field);
  if (rule.code === 'slice-mismatch') return column.slice === null ? null : `'${column.slice}'`;
  if (rule.code === 'number-in-text') return 'text';
  if (rule.code === 'unique-error' || rule.name === 'primary-key') return 'a value that no other row has';
  if (rule.code === 'primary-key') return expected(field);
  if (rule.code === 'foreign-key') return 'a value of the list it refers to';
  if (rule.code !== 'constraint-error') return null;
  switch (rule.name) {
    case 'required':
      return expected(field);
    case 'pattern':
      return `text of the form ${constraints.pattern}`;
    case 'enum': {
      const allowed = constraints.enum ?? [];
      const more = allowed.length > LISTED ? ` or ${allowed.length - LISTED} more` : '';
      return `one of ${allowed.slice(0, LISTED).join(', ')}${more}`;
    }
    case 'minimum':
      return `at least ${constraints.minimum}`;
    case 'maximum':
      return `at most ${constraints.maximum}`;
    case 'minLength':
      return `at least ${counted(Number(constraints.minLength), 'character')}`;
    case 'maxLength':
      return `at most ${counted(Number(constraints.maxLength), 'character')}`;
    default:
      return null;
  }
}
