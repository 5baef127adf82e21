import type { FindingEntry } from '../../checks/finding-entry.ts';
import { labelOf, type PlannedColumn } from '../../checks/planned-column.ts';
import { wordsOf } from '../../checks/wording.ts';
import type { Field } from '../../domain/dataset.ts';
import { fieldType } from '../../types/registry.ts';
import { CELL_BIT, cellMask } from '../bits.ts';
import { MESSAGES } from '../messages.ts';
import type { SourceEnv } from '../source-env.ts';

export const entries: readonly FindingEntry[] = [
  {
    code: 'mixed-dates',
    title: 'Dates and date texts are in one column',
    meaning:
      'A spreadsheet program of another country takes 03/06/2025 for the 6th of March and makes a date of it, and leaves 13/06/2025 as text. Where a column of a workbook holds both, day and month of the dates up to the 12th may be exchanged. Nothing is said where a text such as 03/06/2025 is left too: then people wrote the dates in several ways.',
    example: 'A day-first CSV that was opened and saved in a month-first Excel.',
    cure: 'Compare the dates named with their source; deliver the original file, or a workbook in which all are dates.',
  },
];

/**
 * Warns of the dates whose day and month could be exchanged, in columns of a workbook that hold date texts as well. Such a
 * program leaves only those texts whose day cannot be a month. So a column with a text such as 03/06/2025 did not come
 * from one: people wrote it in two notations.
 */
export async function checkMixedDates(env: SourceEnv): Promise<void> {
  if (env.layout.format !== 'xlsx') return;
  for (const column of env.plan.filter(isExchangeable)) {
    const { index, field } = column;
    const [value, isText] = [`v${index}`, `m IS NOT NULL AND ${cellMask(index)} & ${CELL_BIT.dateText} <> 0`];
    const left = `count(*) FILTER (WHERE day(${value}) > 12) > 0 AND count(*) FILTER (WHERE day(${value}) <= 12) = 0`;
    if ((await env.engine.count(`SELECT (${left})::INTEGER FROM ${env.rows.data} WHERE ${isText}`)) === 0)
      continue;
    const words = wordsOf(MESSAGES['mixed-dates'], { column: labelOf(field) });
    await env.faults.add(
      { name: 'mixed-dates', severity: 'warning', columns: [column], ...words },
      `SELECT rid FROM ${env.rows.data} WHERE ${value} IS NOT NULL AND NOT (${isText}) AND day(${value}) <= 12 AND day(${value}) <> month(${value})`,
    );
  }
}

function isExchangeable({ field, source }: PlannedColumn): boolean {
  return source !== null && fieldType(field).compare.calendar === 'day' && field.formats.some(isNumeric);
}

/** Day and month as numbers side by side, the year behind them. */
function isNumeric(format: Field['formats'][number]): boolean {
  return /^%-?[dm][^%A-Za-z]*%-?[md]|^%D/.test(format);
}
