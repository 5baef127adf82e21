import { z } from 'zod';
import { maxFailures, name, oneOrMany, severity, threshold } from '../checks/schema-words.ts';
import { TYPES } from '../types/registry.ts';
import { check } from './check-schema.ts';
import { coreSchema } from './core-schema.ts';
import { limitsSchema } from './limits-schema.ts';
import { retentionSchema } from './retention-schema.ts';
import { locale, text } from './schema-words.ts';
import { warehouseSchemas } from './warehouse-schemas.ts';

/**
 * datasets_config.yml as it is written. resolve.ts fills in every default; this file says which keys there are.
 * `schema/datasets_config.schema.json` and `docs/config.md` are generated from these definitions.
 */
const constraints = z.strictObject({
  required: z.boolean().optional().describe('A blank cell is an error.'),
  unique: z.boolean().optional().describe('No value may occur twice; all rows that share one are rejected.'),
  pattern: z.string().optional().describe('A regular expression (RE2) the whole text must match.'),
  enum: z.array(text).min(1).optional().describe('The values that are allowed.'),
  minimum: text.optional().describe('The smallest value allowed.'),
  maximum: text.optional().describe('The largest value allowed.'),
  minLength: z.int().min(0).optional().describe('The fewest characters allowed.'),
  maxLength: z.int().min(0).optional().describe('The most characters allowed.'),
});

const strictness = z.strictObject({
  severity: severity.optional().describe('error by default; rows with a warning or an info are kept.'),
  max_failures: maxFailures,
});
const strict = strictness.optional().describe('How strictly this constraint is held.');
const rules = z.strictObject({
  required: strict,
  unique: strict,
  pattern: strict,
  enum: strict,
  minimum: strict,
  maximum: strict,
  minLength: strict,
  maxLength: strict,
});

const cleanStep = z.union([
  z.enum(['trim', 'collapse', 'upper', 'lower', 'title', 'unaccent', 'digits']),
  z.strictObject({ map: z.record(z.string(), text).describe('Another text for each of these texts.') }),
]);

const field = z.strictObject({
  name: name.describe('The column name in the warehouse.'),
  title: z.string().optional().describe('The header analysts write, where it differs from the name.'),
  aliases: z.array(z.string()).optional().describe('Other headers that mean this field.'),
  description: z.string().optional().describe('For people who read the configuration.'),
  type: z
    .enum(TYPES.map(({ name }) => name))
    .optional()
    .describe('What the cells hold; string by default.'),
  format: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe(
      'strptime formats of a date, datetime, time or yearmonth, tried in order; ISO 8601 by default.',
    ),
  locale: locale
    .optional()
    .describe(
      "Language of month and day names in `format`, and of decimal and thousands signs; else the schema's.",
    ),
  precision: z.int().min(1).max(38).optional().describe('Digits of an exact decimal number.'),
  scale: z.int().min(0).max(38).optional().describe('Digits after the decimal point.'),
  groupChar: z
    .string()
    .optional()
    .describe("Thousands separator; none by default, or the locale's. A space also means no-break spaces."),
  decimalChar: z.string().length(1).optional().describe('Decimal point; "." by default, or the locale\'s.'),
  bareNumber: z
    .boolean()
    .optional()
    .describe(
      'false: a currency (a sign, a code of ISO 4217, or an abbreviation such as kr or Rs.) may be before and behind the number, or one percent sign. Anything else beside it is a type error.',
    ),
  percent: z
    .enum(['number', 'fraction'])
    .optional()
    .describe(
      'With bareNumber: false, what the text 5% is: number, the 5 as shown (the default), or fraction, 0.05 as workbooks keep it.',
    ),
  accounting: z
    .boolean()
    .optional()
    .describe('true: (1,234.50) and 1,234.50- are negative numbers; 5.- is no number.'),
  offset: z
    .enum(['utc'])
    .optional()
    .describe(
      'utc: a datetime with an offset (2025-06-01T00:30:00+02:00) is converted to UTC. Without it the time is kept as written, and the offset left out.',
    ),
  trueValues: z.array(text).optional().describe('Texts that mean true; true, True, TRUE and 1 by default.'),
  falseValues: z
    .array(text)
    .optional()
    .describe('Texts that mean false; false, False, FALSE and 0 by default.'),
  missingValues: z
    .array(text)
    .optional()
    .describe("Texts that mean 'no value' in this field; else the dataset's."),
  constraints: constraints.optional().describe('What every value must be.'),
  rules: rules
    .optional()
    .describe(
      'How strictly single constraints are held, by their names; a broken one rejects the row by default.',
    ),
  clean: z
    .array(cleanStep)
    .optional()
    .describe(
      'Cleaning steps, applied in order. Blanks at both ends of a cell go first, with or without steps. Every change is counted.',
    ),
  pii: z.boolean().optional().describe('Personal data: masked in logs, reports and messages.'),
  path: z
    .string()
    .optional()
    .describe(
      "Records: where the value is, such as $.job.title or $.places[0]['city name']; the member of the field's name by default.",
    ),
  value: text
    .optional()
    .describe('Records: a constant, the same in every row; the record is not read for it.'),
  default: text.optional().describe('Records: the text that stands for a member that is absent or null.'),
});

const reference = z.strictObject({
  dataset: name.describe('The dataset that has the values.'),
  fields: oneOrMany.describe('Its fields, in the same order.'),
});
const schema = z.strictObject({
  fields: z.array(field).min(1).describe('The columns, in the order they have in the warehouse.'),
  primaryKey: oneOrMany
    .optional()
    .describe(
      'Fields whose values together identify a row. No value may be blank, and no combination may occur twice.',
    ),
  foreignKeys: z
    .array(
      z.strictObject({
        fields: oneOrMany.describe('The fields of this dataset.'),
        reference: reference.describe('Where their values must exist.'),
      }),
    )
    .optional()
    .describe('Values that must exist in another dataset.'),
  missingValues: z
    .array(text)
    .optional()
    .describe('Texts that mean "no value"; only the blank cell by default.'),
  locale: locale
    .optional()
    .describe('Language in which numbers, months and days are written, for all fields; English by default.'),
});

const source = z.strictObject({
  filename: name
    .optional()
    .describe('{period}, {version} and slice names in braces, optional parts in [ ], alternatives in {a,b}.'),
  records: z
    .strictObject({
      unknown: z
        .enum(['ignore', 'warn', 'refuse'])
        .optional()
        .describe(
          'Members that no field reads: ignore (the default; they are counted), warn, or refuse such a record.',
        ),
    })
    .optional()
    .describe('Rows come from scripts, as JSON records, instead of files; {} for all defaults.'),
  sheet: z
    .union([z.string().min(1), z.int().min(1)])
    .optional()
    .describe('Sheet name or number; the first visible one with a matching header by default.'),
  header_row: z
    .union([z.literal('auto'), z.int().min(1)])
    .optional()
    .describe('auto: the first of the first 20 rows that holds the headers; or the number of the row.'),
  header_rows: z
    .union([z.literal('auto'), z.int().min(1).max(5)])
    .optional()
    .describe(
      'How many rows form the header, such as 2025 above Q1; auto: one, or two or three if these name more columns.',
    ),
  footer: z
    .string()
    .optional()
    .describe(
      'A regular expression (RE2). The first row whose first filled cell matches, and all rows below it, are not data.',
    ),
  skip: z
    .string()
    .optional()
    .describe(
      'A regular expression (RE2). Rows whose first filled cell matches are not data, such as subtotals.',
    ),
  merged: z
    .enum(['fill', 'keep', 'refuse'])
    .optional()
    .describe(
      'Merged cells among the data of a workbook. fill: each cell has the value (default); keep: the first one alone; refuse: such a file is refused.',
    ),
  delimiter: z.string().min(1).optional().describe('Text files: auto, or one character (\\t for tab).'),
  quote: z
    .string()
    .max(1)
    .optional()
    .describe('Text files: the quote character; " by default, empty where nothing is quoted.'),
  escape: z
    .string()
    .length(1)
    .optional()
    .describe('Text files: the character before a quote inside a quoted cell; the quote itself by default.'),
  encoding: z
    .enum(['auto', 'utf-8', 'utf-16', 'windows-1252'])
    .optional()
    .describe('Text files; found out from the bytes by default.'),
  expected: z
    .strictObject({ by_day: z.int().min(1).max(31).describe('Day of the month after the period.') })
    .optional()
    .describe('When a delivery is due; `status` shows what is late.'),
});

const datasetSchema = z.strictObject({
  title: z.string().optional().describe('What people call it.'),
  owner: z.string().optional().describe('Who answers for it.'),
  description: z.string().optional().describe('For people who read the configuration.'),
  period: z
    .enum(['month', 'quarter', 'year', 'none'])
    .optional()
    .describe('What one delivery covers; month by default, none for lists that serve every period.'),
  source: source.describe('Which files are deliveries, and how they are read.'),
  headers: z
    .strictObject({
      match: z
        .enum(['loose', 'exact'])
        .optional()
        .describe('loose (the default): case, blanks, _ and - make no difference.'),
      extra: z
        .enum(['error', 'warning', 'ignore'])
        .optional()
        .describe(
          'How a column that no field names counts; error by default. ignore also ignores values to the right of the last header, and a wider table below.',
        ),
      order: z
        .enum(['any', 'same'])
        .optional()
        .describe('same: the columns are in the order of the fields; any by default.'),
    })
    .optional()
    .describe('How the headers of a file must match the fields.'),
  schema: schema.describe('The columns, as in the Table Schema of Frictionless.'),
  checks: z
    .array(check)
    .optional()
    .describe('What must be true of rows together, or of the file as a whole.'),
  accept: z
    .strictObject({
      max_rejected: threshold.optional().describe('Above this the file is refused; 0 by default.'),
      empty: z.boolean().optional().describe('A delivery without rows may empty its period.'),
      same_bytes: z.boolean().optional().describe('The same file may serve several periods or slices.'),
    })
    .optional()
    .describe('Which files pass although something is unusual.'),
  core: coreSchema.optional().describe('How stage rows are promoted.'),
  distribute_by: name.optional().describe('Citus: the distribution column, or reference.'),
});

export const configSchema = z.strictObject({
  version: z.literal(1).describe('Version of this format.'),
  name: z
    .string()
    .min(1)
    .optional()
    .describe(
      "The pipeline's name in the warehouse; by default that of its folder. No two write the same tables.",
    ),
  database: z
    .string()
    .optional()
    .describe('duckdb:path or postgres://…; the flag and DATABASE_URL come first.'),
  schemas: warehouseSchemas
    .optional()
    .describe(
      'Other names for the schemas of the warehouse, each by itself. Models, commands and migrations go on to say meta, stage, core, history and mart.',
    ),
  limits: limitsSchema,
  retention: retentionSchema.optional().describe('What `prune` may remove; nothing by default.'),
  datasets: z.record(z.string(), datasetSchema).describe('By name: small letters, digits and _.'),
});

export type ConfigAsWritten = z.infer<typeof configSchema>;
export type DatasetAsWritten = z.infer<typeof datasetSchema>;
export type FieldAsWritten = DatasetAsWritten['schema']['fields'][number];
