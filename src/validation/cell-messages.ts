/** Messages about single cells, and about the values that a file name gives to all rows; see messages.ts. */
export const CELL_MESSAGES = {
  'type-error': {
    summary: '{column}: is not {expected}',
    message: '{column}: {value} is not {expected}.',
    fix: '{cure}',
  },
  'type-error.workbook': {
    summary: '{column}: is an error of the workbook, not a value',
    message: '{column}: {value} is an error of the workbook, not a value.',
    fix: 'Fix the formula, or type the value.',
  },
  'type-error.large': {
    summary: '{column}: is too large',
    message: '{column}: {value} is too large; the largest whole number is {limit}.',
    fix: 'Correct the number, it is too large; identifiers belong in a text column.',
  },
  'type-error.small': {
    summary: '{column}: is too small',
    message: '{column}: {value} is too small; the smallest whole number is {limit}.',
    fix: 'Correct the number, it is too small; identifiers belong in a text column.',
  },
  'type-error.member': {
    summary:
      '{column}: this member is in its object twice, or one within it is, so which value counts is not sure',
    message:
      '{column}: this member is in its object twice, or one within it is, so which value counts is not sure.',
    fix: 'Keep one of the two members.',
  },
  'bad-character': {
    summary: '{column}: holds a character that cannot be kept',
    message: '{column}: the text holds a character that cannot be kept.',
    fix: 'Type the text of this cell again.',
  },
  'constraint-error.required': {
    summary: '{column}: is missing',
    message: '{column} is missing; every row needs it.',
    fix: 'Fill in the cell.',
  },
  'constraint-error.pattern': {
    summary: '{column}: does not have the form {form}',
    message: '{column}: {value} does not have the form {form}.',
    fix: 'Correct the value; look for a missing or added character.',
  },
  'constraint-error.enum': {
    summary: '{column}: is not one of {allowed}',
    message: '{column}: {value} is not one of {allowed}.',
    fix: 'Use one of the allowed values.',
  },
  'constraint-error.minimum': {
    summary: '{column}: is below the smallest allowed value, {limit}',
    message: '{column}: {value} is below the smallest allowed value, {limit}.',
    fix: 'Correct the value.',
  },
  'constraint-error.maximum': {
    summary: '{column}: is above the largest allowed value, {limit}',
    message: '{column}: {value} is above the largest allowed value, {limit}.',
    fix: 'Correct the value.',
  },
  'constraint-error.minLength': {
    summary: '{column}: is shorter than {limit|character}',
    message: '{column}: {value} is shorter than {limit|character}.',
    fix: 'Complete the value.',
  },
  'constraint-error.maxLength': {
    summary: '{column}: is longer than {limit|character}',
    message: '{column}: {value} is longer than {limit|character}.',
    fix: 'Shorten the value.',
  },
  'slice-mismatch': {
    summary: "{column}: is not '{expected}', which the file name says",
    message: "{column}: {value} is not '{expected}', which the file name says.",
    fix: 'Take the row out, or correct the name of the file.',
  },
  'slice-value': {
    summary: '{column}: what the file name says is not {wanted}',
    message: 'The file name says {value} for {column}, which is not {wanted}.',
    fix: 'Correct the name of the file.',
  },
  'number-in-text': {
    summary: '{column}: is a number in a text column',
    message: '{column}: {value} is a number in a text column.',
    fix: 'Check that no leading zero is lost; format the column as text.',
  },
  'percent-in-text': {
    summary: '{column}: is a percentage typed as text, and counts as the number shown',
    message: '{column}: {value} is typed as text and counts as the number shown, not as a fraction.',
    fix: 'Type it into a cell of the percent format, like the others.',
  },
  'offset-dropped': {
    summary: '{column}: the time is kept as written, without its offset from UTC',
    message: '{column}: {value} is kept as written, without its offset from UTC.',
    fix: 'Nothing needs to be done, unless times in UTC are meant.',
  },
  'mixed-dates': {
    summary: '{column}: day and month may be exchanged, for other dates of the column are texts',
    message: '{column}: day and month of {value} may be exchanged, for other dates of the column are texts.',
    fix: 'Compare the date with its source; deliver the original file if it is wrong.',
  },
  'digits-lost': {
    summary: '{column}: has more digits than can be kept',
    message: '{column}: {value} has more digits than can be kept.',
    fix: 'If all digits matter, ask for more digits to be kept in this column.',
  },
  'cleaned.blanks': {
    summary: '{column}: blanks at the ends of the text are cut off',
    message: '{column}: blanks at the ends of the text are cut off.',
    fix: null,
  },
  cleaned: { summary: '{column}: cleaned ({step})', message: '{column}: cleaned ({step}).', fix: null },
} as const;
