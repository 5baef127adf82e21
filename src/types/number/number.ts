import type { Field } from '../../domain/dataset.ts';
import { hasDigit, textLength } from '../cell-rules.ts';
import { castConstant } from '../constant.ts';
import type { FieldType } from '../field-type.ts';
import { numberRule } from './draft-number.ts';
import { meantNumber } from './meant-number.ts';
import { MEASURED } from './measured.ts';
import { numberCure } from './number-cure.ts';
import { digitsLost, numberSql } from './number-sql.ts';
import { otherNumberForm } from './other-number-form.ts';
import { percentNote } from './percent-note.ts';
import { DECIMAL_COLUMNS, sliceNumber } from './slice-number.ts';

export const number: FieldType = {
  name: 'number',
  column,
  sql: numberSql,
  config: {
    keys: [
      ...(['locale', 'precision', 'scale', 'groupChar', 'decimalChar'] as const),
      ...(['bareNumber', 'percent', 'accounting'] as const),
    ],
    whole: false,
    bound: { pattern: /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/, example: '12.5' },
    // Decimals keep all their digits, so that a limit of 0.005 does not become 0.01.
    constant: (field, text) => (/^[+-]?\d*\.?\d+$/.test(text) ? text : castConstant(text, column(field))),
  },
  cells: {
    anyText: false,
    mayBeQuick: hasDigit,
    badCharacter: null,
    length: textLength,
    notes: (field, cell) => [
      ...percentNote(field, cell),
      ...(field.precision === null
        ? [
            {
              note: 'digitsLost' as const,
              when: `${cell.value} IS NOT NULL AND ${digitsLost(field, cell.text, cell.kind)}`,
            },
          ]
        : []),
    ],
  },
  words: {
    holds: 'number',
    expected,
    cure: (field, text) => numberCure(field, text, { isWhole: false, expected: expected(field) }),
    outOfRange: () => null,
    asWritten: (field, text) => text.replace('.', field.decimalChar),
    meant: (field, text) => meantNumber(field, text, false),
    choices: () => null,
    otherForm: otherNumberForm,
  },
  slices: {
    columns: DECIMAL_COLUMNS,
    value: (text, type, field) => sliceNumber(text, type, field?.decimalChar ?? '.'),
  },
  compare: MEASURED,
  drafting: { rules: [numberRule('number')], keyRank: () => null },
};

function column({ precision, scale }: Field): string {
  return precision === null ? 'DOUBLE' : `DECIMAL(${precision},${scale ?? 0})`;
}

function expected({ precision, scale }: Field): string {
  if (precision === null) return 'a number';
  return `a number with at most ${precision - (scale ?? 0)} digits before and ${scale ?? 0} after the decimal sign`;
}
