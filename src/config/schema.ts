import { z } from 'zod';

/**
 * datasets_config.yml as it is written. Every default is filled in by resolve.ts; this file says what may stand there.
 * `schema/datasets_config.schema.json` and `docs/config.md` are generated from these definitions.
 */
const name = z.string().min(1);
const oneOrMany = z.union([name, z.array(name).min(1)]);
/** A text that YAML may have read as a number or a boolean; `007` without quotes is refused when the file is read. */
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const threshold = z
  .union([
    z.number().min(0),
    z.string().regex(/^\d+(\.\d+)?\s*%$/, 'is not a count such as 10 or a share such as 5%'),
  ])
  .describe('A count (10) or a share (5%).');
const severity = z.enum(['error', 'warning', 'info']);

const constraints = z.strictObject({
  required: z.boolean().optional().describe('A blank cell is an error.'),
  unique: z.boolean().optional().describe('No value may stand twice; all rows that share one are rejected.'),
  pattern: z.string().optional().describe('A regular expression (RE2) the whole text must match.'),
  enum: z.array(text).min(1).optional().describe('The values that are allowed.'),
  minimum: text.optional().describe('The smallest value allowed.'),
  maximum: text.optional().describe('The largest value allowed.'),
  minLength: z.int().min(0).optional().describe('The fewest characters allowed.'),
  maxLength: z.int().min(0).optional().describe('The most characters allowed.'),
});

const cleanStep = z.union([
  z.enum(['trim', 'collapse', 'upper', 'lower', 'title', 'unaccent', 'digits']),
  z.strictObject({ map: z.record(z.string(), text) }),
]);

export const FIELD_TYPES = [
  'string',
  'integer',
  'number',
  'boolean',
  'date',
  'datetime',
  'time',
  'year',
  'yearmonth',
  'object',
  'array',
] as const;

const field = z.strictObject({
  name: name.describe('The column name in the warehouse.'),
  title: z.string().optional().describe('The header analysts write, where it differs from the name.'),
  aliases: z.array(z.string()).optional().describe('Other headers that mean this field.'),
  description: z.string().optional(),
  type: z.enum(FIELD_TYPES).optional().describe('What the cells hold; string by default.'),
  format: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe('strptime formats of a date, datetime or time, tried in order; ISO 8601 by default.'),
  precision: z.int().min(1).max(38).optional().describe('Digits of an exact decimal number.'),
  scale: z.int().min(0).max(38).optional().describe('Digits after the decimal point.'),
  groupChar: z.string().optional().describe('Thousands separator.'),
  decimalChar: z.string().length(1).optional().describe('Decimal point; "." by default.'),
  bareNumber: z
    .boolean()
    .optional()
    .describe('false: a currency or percent sign around the number is allowed.'),
  trueValues: z.array(text).optional(),
  falseValues: z.array(text).optional(),
  missingValues: z
    .array(text)
    .optional()
    .describe("Texts that mean 'no value' in this field; else the dataset's."),
  constraints: constraints.optional(),
  clean: z.array(cleanStep).optional().describe('Cleaning steps, applied in order; every change is counted.'),
  pii: z.boolean().optional().describe('Personal data: masked in logs, reports and messages.'),
});

const reference = z.strictObject({ dataset: name, fields: oneOrMany });
const schema = z.strictObject({
  fields: z.array(field).min(1),
  primaryKey: oneOrMany
    .optional()
    .describe('Fields that together name a row; none may be blank or stand twice.'),
  foreignKeys: z
    .array(z.strictObject({ fields: oneOrMany, reference }))
    .optional()
    .describe('Values that must exist in another dataset.'),
  missingValues: z
    .array(text)
    .optional()
    .describe('Texts that mean "no value"; only the blank cell by default.'),
});

const change = z.strictObject({ max_drop: threshold.optional(), max_rise: threshold.optional() });
const check = z.strictObject({
  name: name.optional(),
  severity: severity.optional().describe('error by default.'),
  message: z.string().optional().describe('What the analyst is told.'),
  expect: z
    .string()
    .optional()
    .describe('A SQL expression that must hold for every row; null counts as held.'),
  rows: z
    .strictObject({ min: z.int().min(0).optional(), max: z.int().min(0).optional() })
    .optional()
    .describe('How many rows there may be.'),
  versus_previous: z
    .record(z.string(), change)
    .optional()
    .describe('rows or sum(field), against the nearest earlier period loaded.'),
  in_period: name.optional().describe('A date field whose values must lie in the period.'),
  differs_from_previous: z
    .literal(true)
    .optional()
    .describe("The rows must not be the previous period's again."),
});

const source = z.strictObject({
  filename: name.describe(
    '{period}, {version} and slice names in braces, optional parts in [ ], alternatives in {a,b}.',
  ),
  sheet: z
    .union([z.string().min(1), z.int().min(1)])
    .optional()
    .describe('Sheet name or number; the first visible one with a matching header by default.'),
  header_row: z.union([z.literal('auto'), z.int().min(1)]).optional(),
  footer: z
    .string()
    .optional()
    .describe(
      'A regular expression (RE2); rows from the first match in the first filled cell on are not data.',
    ),
  delimiter: z.string().min(1).optional().describe('Text files: auto, or one character (\\t for tab).'),
  quote: z.string().length(1).optional(),
  encoding: z.enum(['auto', 'utf-8', 'utf-16', 'windows-1252']).optional(),
  expected: z
    .strictObject({ by_day: z.int().min(1).max(31) })
    .optional()
    .describe('Due on this day after the period; `status` shows what is late.'),
});

const core = z.strictObject({
  table: name.optional().describe("The core table; the dataset's name by default."),
  key: oneOrMany.optional().describe('The business key; the primary key by default.'),
  strategy: z.enum(['upsert', 'replace_period', 'history']).optional(),
  covers: z
    .enum(['all', 'period'])
    .optional()
    .describe('all: a delivery is the whole register; period: only its own rows.'),
  missing: z
    .enum(['keep', 'close', 'delete'])
    .optional()
    .describe('What becomes of core rows in scope that a delivery lacks.'),
  guards: z
    .strictObject({
      max_removed: threshold.optional(),
      max_modified: threshold.optional(),
      max_added: threshold.optional(),
      min_rows: z.int().min(0).optional(),
    })
    .optional()
    .describe('Limits on what one promotion may change.'),
  review: z.enum(['optional', 'required']).optional(),
});

export const datasetSchema = z.strictObject({
  title: z.string().optional(),
  owner: z.string().optional(),
  description: z.string().optional(),
  period: z.enum(['month', 'quarter', 'year', 'none']).optional(),
  source,
  headers: z
    .strictObject({
      match: z.enum(['loose', 'exact']).optional(),
      extra: z.enum(['error', 'warning', 'ignore']).optional(),
      order: z.enum(['any', 'same']).optional(),
    })
    .optional(),
  schema,
  checks: z.array(check).optional(),
  accept: z
    .strictObject({
      max_rejected: threshold.optional().describe('Above this the file is refused; 0 by default.'),
      empty: z.boolean().optional().describe('A delivery without rows may empty its period.'),
      same_bytes: z.boolean().optional().describe('The same file may serve several periods or slices.'),
    })
    .optional(),
  core: core.optional(),
  distribute_by: name.optional().describe('Citus: the distribution column, or reference.'),
});

const size = z.int().min(1).optional();
export const configSchema = z.strictObject({
  version: z.literal(1),
  database: z
    .string()
    .optional()
    .describe('duckdb:path or postgres://…; the flag and DATABASE_URL come first.'),
  limits: z
    .strictObject({
      file_bytes: size,
      unpacked_bytes: size,
      unpack_ratio: size,
      rows: size,
      columns: size,
      cell_characters: size,
      text_cell_bytes: size,
      name_bytes: size,
    })
    .optional(),
  datasets: z.record(z.string(), datasetSchema),
});

export type ConfigAsWritten = z.infer<typeof configSchema>;
export type DatasetAsWritten = z.infer<typeof datasetSchema>;
export type FieldAsWritten = DatasetAsWritten['schema']['fields'][number];
export type CheckAsWritten = NonNullable<DatasetAsWritten['checks']>[number];
