import type { CleanStep, ConstraintName, Field, Strictness } from '../domain/dataset.ts';
import { LOCALES, type LocaleName } from '../domain/locale.ts';
import { resolveThreshold } from '../domain/threshold.ts';
import type { ConfigProblem } from './problem.ts';
import type { FieldAsWritten } from './schema.ts';

const TRUE_VALUES = ['true', 'True', 'TRUE', '1'];
const FALSE_VALUES = ['false', 'False', 'FALSE', '0'];

type Report = (path: readonly (string | number)[], message: string) => void;

/** A field with every default filled in. Impossible combinations are reported, each at its path below `at`. */
export function resolveField(
  written: FieldAsWritten,
  dataset: { readonly missingValues: readonly string[]; readonly locale: LocaleName | null },
  at: readonly (string | number)[],
  problems: ConfigProblem[],
): Field {
  const report: Report = (path, message) => problems.push({ path: [...at, ...path], message });
  const type = written.type ?? 'string';
  const locale = written.locale ?? dataset.locale;
  refuseMisplaced(written, type, locale, report);
  const rules = written.constraints ?? {};
  refuseOddBounds(rules, type, report);
  return {
    name: written.name,
    title: written.title ?? null,
    aliases: written.aliases ?? [],
    description: written.description ?? null,
    type,
    formats: written.format === undefined || written.format === 'default' ? [] : [written.format].flat(),
    precision: written.precision ?? null,
    scale: written.scale ?? null,
    locale: NAMED.includes(type) ? locale : null,
    ...signsOf(written, type, locale),
    bareNumber: written.bareNumber ?? true,
    accounting: written.accounting ?? false,
    percent: written.percent ?? 'number',
    offset: written.offset ?? null,
    trueValues: written.trueValues ?? TRUE_VALUES,
    falseValues: written.falseValues ?? FALSE_VALUES,
    constraints: {
      required: rules.required ?? false,
      unique: rules.unique ?? false,
      pattern: rules.pattern ?? null,
      enum: rules.enum ?? null,
      minimum: rules.minimum ?? null,
      maximum: rules.maximum ?? null,
      minLength: rules.minLength ?? null,
      maxLength: rules.maxLength ?? null,
    },
    rules: resolveRules(written, report),
    clean: (written.clean ?? []).map(
      (step): CleanStep => (typeof step === 'string' ? step : { map: new Map(Object.entries(step.map)) }),
    ),
    pii: written.pii ?? false,
    missingValues: written.missingValues ?? dataset.missingValues,
  };
}

/** How strictly constraints are held; a rule for a constraint that the field does not have is a mistake. */
function resolveRules(written: FieldAsWritten, report: Report): Field['rules'] {
  const rules: Partial<Record<ConstraintName, Strictness>> = {};
  for (const [key, strict] of Object.entries(written.rules ?? {})) {
    const name = key as ConstraintName;
    if (strict === undefined) continue;
    if (written.constraints?.[name] === undefined)
      report(['rules', name], `the field has no constraint '${name}'`);
    rules[name] = {
      severity: strict.severity ?? 'error',
      maxFailures: strict.max_failures === undefined ? null : resolveThreshold(strict.max_failures),
    };
  }
  return rules;
}

/**
 * The notation of a minimum or maximum in the configuration: as the standard writes values, whatever the format of the
 * file.
 */
const BOUND: Partial<Record<Field['type'], readonly [RegExp, string]>> = {
  integer: [/^[+-]?\d+$/, '12'],
  number: [/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/, '12.5'],
  date: [/^\d{4}-\d{2}-\d{2}$/, '2025-06-30'],
  datetime: [
    /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|[+-]\d{2}:?\d{2}))?)?$/,
    '2025-06-30T14:05:00',
  ],
  time: [/^\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$/, '14:05:00'],
  year: [/^\d{4}$/, '2025'],
  yearmonth: [/^\d{4}-(0[1-9]|1[0-2])$/, '2025-06'],
};

function refuseOddBounds(
  rules: NonNullable<FieldAsWritten['constraints']>,
  type: Field['type'],
  report: Report,
): void {
  for (const key of ['minimum', 'maximum'] as const) {
    const text = rules[key];
    if (text === undefined) continue;
    const bound = BOUND[type];
    if (type === 'boolean' || type === 'object' || type === 'array')
      report(['constraints', key], `${key} belongs to numbers, dates, times and text, not ${type}`);
    else if (bound && !bound[0].test(text))
      report(['constraints', key], `'${text}' is no ${type}; write it like ${bound[1]}`);
  }
  const { minLength, maxLength } = rules;
  if (minLength !== undefined && maxLength !== undefined && minLength > maxLength)
    report(['constraints', 'minLength'], `minLength ${minLength} is more than maxLength ${maxLength}`);
}

/** Types whose texts may hold names of months or days. */
const NAMED: readonly Field['type'][] = ['date', 'datetime', 'time', 'yearmonth'];
const NUMERIC: readonly Field['type'][] = ['number', 'integer'];

/** Decimal and thousands sign: as written, else those of the language; the two are never the same. */
function signsOf(
  written: FieldAsWritten,
  type: Field['type'],
  locale: LocaleName | null,
): Pick<Field, 'groupChar' | 'decimalChar'> {
  const signs = locale !== null && NUMERIC.includes(type) ? LOCALES[locale] : null;
  // A whole number has no decimals, so a dot may divide its thousands without further configuration.
  const usual = type === 'integer' && written.groupChar === '.' ? ',' : '.';
  const decimalChar = written.decimalChar ?? signs?.decimalChar ?? usual;
  const group = written.groupChar ?? signs?.groupChar ?? '';
  const clash = written.groupChar === undefined && group === decimalChar;
  return { decimalChar, groupChar: clash ? null : group || null };
}

function refuseMisplaced(
  written: FieldAsWritten,
  type: Field['type'],
  locale: LocaleName | null,
  report: Report,
): void {
  const number = NUMERIC.includes(type);
  if (written.name.startsWith('_'))
    report(['name'], `'${written.name}': names that begin with _ are Tidemark's own`);
  if (written.name.includes('\0') || Buffer.byteLength(written.name) > 63) {
    report(
      ['name'],
      `'${written.name}' is longer than 63 bytes or holds a NUL, which no database column can`,
    );
  }
  if (written.precision !== undefined && type !== 'number')
    report(['precision'], `precision belongs to type number, not ${type}`);
  if (written.scale !== undefined && written.precision === undefined)
    report(['scale'], 'scale needs precision beside it');
  if ((written.scale ?? 0) > (written.precision ?? 38))
    report(['scale'], 'scale cannot be greater than precision');
  if (written.groupChar && !number) report(['groupChar'], `groupChar belongs to numbers, not ${type}`);
  if (written.decimalChar && !number) report(['decimalChar'], `decimalChar belongs to numbers, not ${type}`);
  if (written.groupChar && written.groupChar === signsOf(written, type, locale).decimalChar) {
    report(['groupChar'], `groupChar and decimalChar are both '${written.groupChar}'`);
  }
  if ((written.trueValues || written.falseValues) && type !== 'boolean') {
    report(
      [written.trueValues ? 'trueValues' : 'falseValues'],
      `true and false values belong to type boolean, not ${type}`,
    );
  }
  if (written.format && written.format !== 'default' && !NAMED.includes(type)) {
    report(['format'], `format belongs to date, datetime, time and yearmonth, not ${type}`);
  }
  for (const key of ['bareNumber', 'accounting', 'percent'] as const) {
    if (written[key] !== undefined && !number) report([key], `${key} belongs to numbers, not ${type}`);
  }
  if (written.offset !== undefined && type !== 'datetime')
    report(['offset'], `offset belongs to type datetime, not ${type}`);
  if (written.percent !== undefined && written.bareNumber !== false)
    report(['percent'], 'percent needs bareNumber: false beside it');
  if (written.percent === 'fraction' && type === 'integer')
    report(['percent'], 'a fraction is no whole number: use type number');
  if (written.locale !== undefined && !number && !NAMED.includes(type))
    report(['locale'], `locale belongs to numbers, dates and times, not ${type}`);
}
