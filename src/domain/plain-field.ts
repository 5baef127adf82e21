import type { Field } from './dataset.ts';

/** A slice column that is not declared as a field is an ordinary text. */
export function plainField(name: string): Field {
  return {
    name,
    title: null,
    aliases: [],
    type: 'string',
    locale: null,
    formats: [],
    precision: null,
    scale: null,
    groupChar: null,
    decimalChar: '.',
    bareNumber: true,
    accounting: false,
    percent: 'number',
    offset: null,
    trueValues: [],
    falseValues: [],
    constraints: {
      required: false,
      unique: false,
      pattern: null,
      enum: null,
      minimum: null,
      maximum: null,
      minLength: null,
      maxLength: null,
    },
    rules: {},
    clean: [],
    pii: false,
    missingValues: [''],
    description: null,
    path: null,
    value: null,
    defaultText: null,
  };
}
