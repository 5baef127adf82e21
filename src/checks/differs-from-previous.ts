import { z } from 'zod';
import { literal, quoteName } from '../sql/sql.ts';
import { fileCheck } from './check-module.ts';
import { acceptedRows, failed, notMade } from './table-finding.ts';
import { fileWords, wordings } from './wording.ts';

const WORDINGS = wordings({
  'same-as-previous': {
    summary: 'All rows are the same as those of {period}',
    message: 'All rows are the same as those of {period} ({count|row}).',
    fix: 'Check that the export is of this period, not the one before.',
  },
});

/** The accepted rows are not, value for value, those of the period before. */
export const differsFromPrevious = fileCheck({
  kind: 'differs_from_previous',
  about: 'deliveries',
  keys: {
    differs_from_previous: z
      .literal(true)
      .optional()
      .describe("The rows must not be the previous period's again."),
  },
  resolve: () => ({}),
  needs: () => ({ previous: { measures: [], rows: true } }),
  async make(env, check, accepted) {
    const { engine, basis } = env;
    const { previous } = basis;
    if (previous === null || previous.path === null) {
      const why = previous === null ? 'no earlier period is loaded' : `${previous.period} lacks columns`;
      notMade(env, check, why);
      return;
    }
    if (accepted === 0 || accepted !== previous.rows) return;
    const columns = env.plan.filter((column) => column.source !== null);
    // Rows in any order, with duplicates counted: the sum of the rows' hashes is equal only where the rows are.
    const digest = (values: readonly string[]) =>
      `SELECT sum(hash(${values.join(', ')})::HUGEINT)::VARCHAR AS h`;
    const own = await engine.row<{ h: string }>(
      `${digest(columns.map((column) => comparable(`v${column.index}`, column.sqlType)))} FROM ${acceptedRows(env)}`,
    );
    const before = await engine.row<{ h: string }>(
      `${digest(columns.map((column) => comparable(quoteName(column.name), column.sqlType)))} FROM read_parquet(${literal(previous.path)})`,
    );
    if (own.h !== before.h) return;
    const about = { count: accepted, period: previous.period };
    failed(env, check, fileWords(WORDINGS['same-as-previous'], about));
  },
  sentence: () => 'The rows are not those of the period before.',
  wordings: WORDINGS,
  findings: [
    {
      code: 'same-as-previous',
      title: 'The file holds the same rows as the period before',
      meaning:
        'Every accepted row is, value for value, a row of the period before: most probably an old export under a new name.',
      example: 'citizens_2025-06.csv is a copy of the file of May.',
      cure: 'Export the data of this period again.',
      config: '{name: not_last_month_again, differs_from_previous: true}',
    },
  ],
  examples: { '': { differs_from_previous: 'differs_from_previous: true' } },
});

/** Decimals with more digits than a sheet shows: programs write the same number with different last digits. */
const LONG_DECIMAL = "'-?(?:[0-9]\\.?){16,}(?:[eE][-+]?[0-9]+)?'";

/**
 * A value without what saving a workbook again changes: the digits of a binary number past the fifteenth, in columns of
 * text too. JSON does not count, because a database returns it with its members in another order and spacing.
 */
function comparable(value: string, type: string): string {
  if (type === 'JSON') return `${value} IS NULL`;
  const typed = `CAST(${value} AS ${type})`;
  if (type === 'DOUBLE') return `format('{:.15g}', ${typed})`;
  if (type !== 'VARCHAR') return typed;
  return `CASE WHEN contains(${typed}, '.') AND regexp_full_match(${typed}, ${LONG_DECIMAL})
    THEN format('{:.15g}', TRY_CAST(${typed} AS DOUBLE)) ELSE ${typed} END`;
}
