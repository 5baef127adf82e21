import type { KeyExamples } from './key-examples.ts';

const FIELDS = 'datasets.<name>.schema.fields[]';
const CONSTRAINTS = [
  'required',
  'unique',
  'pattern',
  'enum',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
] as const;

const STRICTNESS: KeyExamples = { severity: 'severity: warning', max_failures: 'max_failures: 2%' };

/** Examples for `schema`: fields, their constraints and cleaning, and keys. */
export const FIELD_EXAMPLES: Readonly<Record<string, KeyExamples>> = {
  'datasets.<name>.schema': {
    fields: 'fields: [{name: payment_id}, {name: amount, type: number}]',
    primaryKey: 'primaryKey: payment_id',
    foreignKeys: 'foreignKeys: [{fields: region_code, reference: {dataset: regions, fields: code}}]',
    missingValues: 'missingValues: ["", "N/A", "-"]',
    locale: 'locale: de',
  },
  [FIELDS]: {
    name: 'name: amount',
    title: 'title: Amount paid',
    aliases: 'aliases: [Amount, Sum]',
    description: 'description: In euros',
    type: 'type: number',
    format: 'type: date, format: ["%d/%m/%Y", "%Y-%m-%d"]',
    locale: 'type: date, format: "%d. %B %Y", locale: de',
    precision: 'type: number, precision: 12, scale: 2',
    scale: 'type: number, precision: 12, scale: 2',
    groupChar: 'type: number, groupChar: ","',
    decimalChar: 'type: number, decimalChar: ","',
    bareNumber: 'type: number, bareNumber: false',
    percent: 'type: number, bareNumber: false, percent: fraction',
    accounting: 'type: number, accounting: true',
    offset: 'type: datetime, offset: utc',
    trueValues: 'type: boolean, trueValues: ["yes", "Y"]',
    falseValues: 'type: boolean, falseValues: ["no", "N"]',
    missingValues: 'missingValues: ["", "-"]',
    constraints: 'constraints: {required: true}',
    rules: 'constraints: {required: true}, rules: {required: {severity: warning}}',
    clean: 'clean: [trim, collapse, {map: {N: North, S: South}}]',
    pii: 'pii: true',
    path: 'path: "$.job.title"',
    value: 'value: example_bank',
    default: 'default: unknown',
  },
  [`${FIELDS}.constraints`]: {
    required: 'required: true',
    unique: 'unique: true',
    pattern: 'pattern: "P[0-9]{10}"',
    enum: 'enum: [pension, housing, child]',
    minimum: 'minimum: "0.01"',
    maximum: 'maximum: 100000',
    minLength: 'minLength: 2',
    maxLength: 'maxLength: 40',
  },
  [`${FIELDS}.rules`]: Object.fromEntries(CONSTRAINTS.map((name) => [name, `${name}: {severity: warning}`])),
  ...Object.fromEntries(CONSTRAINTS.map((name) => [`${FIELDS}.rules.${name}`, STRICTNESS])),
  [`${FIELDS}.clean[]`]: { map: 'map: {N: North, S: South}' },
  'datasets.<name>.schema.foreignKeys[]': {
    fields: 'fields: region_code, reference: {dataset: regions, fields: code}',
    reference: 'fields: region_code, reference: {dataset: regions, fields: code}',
  },
  'datasets.<name>.schema.foreignKeys[].reference': {
    dataset: 'dataset: regions, fields: code',
    fields: 'dataset: regions, fields: code',
  },
};
