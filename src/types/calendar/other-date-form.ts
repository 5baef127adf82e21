import type { Field } from '../../domain/dataset.ts';
import type { DateGuess } from '../../domain/infer-date.ts';
import type { OtherForm } from '../words.ts';
import { dateExample } from './date-example.ts';

/** The formats that were found in texts which do not have the field's own. */
export function otherDateForm(field: Field, guess: DateGuess | null): OtherForm | null {
  const [format] = guess?.formats ?? [];
  if (guess === null || format === undefined) return null;
  const formats = [...guess.formats, ...(guess.alsoFits === null ? [] : [guess.alsoFits])].join(' or ');
  const language = guess.locale === undefined ? '' : `, names in '${guess.locale}'`;
  const example = dateExample(format, guess.locale ?? field.locale);
  return { as: 'date', says: { example, format: `${formats}${language}` } };
}
