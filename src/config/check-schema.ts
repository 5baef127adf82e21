import { z } from 'zod';
import { maxFailures, name, oneOrMany, severity, threshold } from './schema-words.ts';

const change = z.strictObject({
  max_drop: threshold.optional().describe('How much less it may be: a count (10) or a share (5%).'),
  max_rise: threshold.optional().describe('How much more it may be: a count (10) or a share (5%).'),
});
const MEASURES = 'rows, sum(field), avg, min, max, distinct or nulls';

/** A check as it is written: exactly one of the keys that say what is checked, and how strictly. */
export const check = z.strictObject({
  name: name.optional().describe('What people call it; the kind of check by default.'),
  severity: severity.optional().describe('error by default.'),
  message: z.string().optional().describe('What the analyst is told.'),
  max_failures: maxFailures,
  expect: z
    .string()
    .optional()
    .describe('A SQL expression that must hold for every row; null counts as held.'),
  required: oneOrMany.optional().describe('Fields that must be filled, where `when` holds.'),
  when: z
    .string()
    .optional()
    .describe('For `expect` and `required`: a SQL expression; only rows for which it is true are checked.'),
  unique: z
    .strictObject({
      fields: oneOrMany.describe('Fields whose values together may occur once.'),
      across: z
        .enum(['file', 'slices', 'periods', 'all'])
        .optional()
        .describe(
          'file (the default): within the delivery; slices: also in the other slices of its period; periods: also in the other periods of its slice; all: everywhere in the dataset. What is loaded counts, and what passed and waits to be loaded.',
        ),
    })
    .optional()
    .describe('No combination may occur twice; all rows of the delivery that share one break it.'),
  hierarchy: z
    .strictObject({
      key: oneOrMany.describe('Fields that name a row.'),
      parent: oneOrMany.describe(
        'Fields that name the row above, in the order of `key`; blank: the row is at the top.',
      ),
      level: name.optional().describe("A whole-number field that must be the parent's plus one."),
      min_depth: z
        .int()
        .min(1)
        .optional()
        .describe('Levels that each tree must have at least; a row at the top alone is one level.'),
      max_depth: z.int().min(1).optional().describe('Levels that no tree may exceed.'),
    })
    .optional()
    .describe('Rows form trees: every parent is in the delivery, no row is above itself.'),
  rows: z
    .strictObject({
      min: z.int().min(0).optional().describe('The fewest rows.'),
      max: z.int().min(0).optional().describe('The most rows.'),
    })
    .optional()
    .describe('How many rows there may be.'),
  control: z
    .record(z.string(), z.union([z.number(), z.string().min(1)]))
    .optional()
    .describe(
      `Totals by measure (${MEASURES}): a number; footer, the cell of the totals row in the field's column, or footer(field) of another column; file, from the control file beside the delivery (NAME.control.csv or .json). All rows count that can be read.`,
    ),
  tolerance: threshold.optional().describe('For `control`: how far apart the totals may be; 0 by default.'),
  versus_previous: z
    .record(z.string(), change)
    .optional()
    .describe(`${MEASURES}, against the nearest earlier period loaded.`),
  versus_last_year: z
    .record(z.string(), change)
    .optional()
    .describe(`${MEASURES}, against the same month, quarter or year one year before.`),
  in_period: name.optional().describe('A date field whose values must lie in the period.'),
  differs_from_previous: z
    .literal(true)
    .optional()
    .describe("The rows must not be the previous period's again."),
});
export type CheckAsWritten = z.infer<typeof check>;
