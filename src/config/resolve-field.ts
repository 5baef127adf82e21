import type { CleanStep, ConstraintName, Field, Strictness } from '../domain/dataset.ts';
import { LOCALES, type LocaleName } from '../domain/locale.ts';
import { parseRecordPath, type RecordPath, RecordPathError } from '../domain/record-path.ts';
import { resolveThreshold } from '../domain/threshold.ts';
import type { OwnKey } from '../types/configuration.ts';
import type { FieldType } from '../types/field-type.ts';
import { TYPES, typeOf } from '../types/registry.ts';
import type { ConfigProblem } from './problem.ts';
import type { FieldAsWritten } from './schema.ts';

const TRUE_VALUES = ['true', 'True', 'TRUE', '1'];
const FALSE_VALUES = ['false', 'False', 'FALSE', '0'];

type Report = (path: readonly (string | number)[], message: string) => void;

/** What a field has from its dataset. */
interface FieldPlace {
  readonly missingValues: readonly string[];
  readonly locale: LocaleName | null;
  /** Rows are JSON records, so that paths and constants may be given. */
  readonly records: boolean;
}

/** A field with every default filled in. Impossible combinations are reported, each at its path below `at`. */
export function resolveField(
  written: FieldAsWritten,
  dataset: FieldPlace,
  at: readonly (string | number)[],
  problems: ConfigProblem[],
): Field {
  const report: Report = (path, message) => problems.push({ path: [...at, ...path], message });
  const type = typeOf(written.type ?? 'string');
  const locale = written.locale ?? dataset.locale;
  refuseMisplaced(written, type, locale, report);
  const rules = written.constraints ?? {};
  refuseOddBounds(rules, type, report);
  return {
    name: written.name,
    title: written.title ?? null,
    aliases: written.aliases ?? [],
    description: written.description ?? null,
    type: type.name,
    formats: written.format === undefined || written.format === 'default' ? [] : [written.format].flat(),
    precision: written.precision ?? null,
    scale: written.scale ?? null,
    locale: has(type, 'format') ? locale : null,
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
    ...resolvePlace(written, dataset.records, report),
  };
}

/** Where a record has the value, or what stands for it. */
function resolvePlace(
  written: FieldAsWritten,
  records: boolean,
  report: Report,
): Pick<Field, 'path' | 'value' | 'defaultText'> {
  for (const key of ['path', 'value', 'default'] as const) {
    if (written[key] === undefined) continue;
    if (!records) report([key], `${key} belongs to records; give the dataset source: {records: {}}`);
    else if (key !== 'value' && written.value !== undefined)
      report([key], `the field has a constant value, so ${key} has no effect`);
  }
  let path: RecordPath | null = null;
  try {
    path = written.path === undefined ? null : parseRecordPath(written.path);
  } catch (error) {
    if (!(error instanceof RecordPathError)) throw error;
    report(['path'], error.message);
  }
  return { path, value: written.value ?? null, defaultText: written.default ?? null };
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

function refuseOddBounds(
  rules: NonNullable<FieldAsWritten['constraints']>,
  type: FieldType,
  report: Report,
): void {
  for (const key of ['minimum', 'maximum'] as const) {
    const text = rules[key];
    if (text === undefined) continue;
    const { bound } = type.config;
    if (bound === null)
      report(['constraints', key], `${key} belongs to numbers, dates, times and text, not ${type.name}`);
    else if (bound !== 'any text' && !bound.pattern.test(text))
      report(['constraints', key], `'${text}' is no ${type.name}; write it like ${bound.example}`);
  }
  const { minLength, maxLength } = rules;
  if (minLength !== undefined && maxLength !== undefined && minLength > maxLength)
    report(['constraints', 'minLength'], `minLength ${minLength} is more than maxLength ${maxLength}`);
}

/** Decimal and thousands sign: as written, else those of the language; the two are never the same. */
function signsOf(
  written: FieldAsWritten,
  type: FieldType,
  locale: LocaleName | null,
): Pick<Field, 'groupChar' | 'decimalChar'> {
  const signs = locale !== null && has(type, 'decimalChar') ? LOCALES[locale] : null;
  // A whole number has no decimals, so a dot may divide its thousands without further configuration.
  const usual = type.config.whole && written.groupChar === '.' ? ',' : '.';
  const decimalChar = written.decimalChar ?? signs?.decimalChar ?? usual;
  const group = written.groupChar ?? signs?.groupChar ?? '';
  const clash = written.groupChar === undefined && group === decimalChar;
  return { decimalChar, groupChar: clash ? null : group || null };
}

function refuseMisplaced(
  written: FieldAsWritten,
  type: FieldType,
  locale: LocaleName | null,
  report: Report,
): void {
  const misplaced = (key: OwnKey, text = `${key} belongs`) => {
    if (!has(type, key)) report([key], `${text} to ${holders(key)}, not ${type.name}`);
  };
  if (written.name.startsWith('_'))
    report(['name'], `'${written.name}': names that begin with _ are Tidemark's own`);
  if (written.name.includes('\0') || Buffer.byteLength(written.name) > 63) {
    report(
      ['name'],
      `'${written.name}' is longer than 63 bytes or holds a NUL, which no database column can`,
    );
  }
  if (written.precision !== undefined) misplaced('precision');
  if (written.scale !== undefined && written.precision === undefined)
    report(['scale'], 'scale needs precision beside it');
  if ((written.scale ?? 0) > (written.precision ?? 38))
    report(['scale'], 'scale cannot be greater than precision');
  if (written.groupChar) misplaced('groupChar');
  if (written.decimalChar) misplaced('decimalChar');
  if (written.groupChar && written.groupChar === signsOf(written, type, locale).decimalChar) {
    report(['groupChar'], `groupChar and decimalChar are both '${written.groupChar}'`);
  }
  if (written.trueValues || written.falseValues)
    misplaced(written.trueValues ? 'trueValues' : 'falseValues', 'true and false values belong');
  if (written.format && written.format !== 'default') misplaced('format');
  for (const key of ['bareNumber', 'accounting', 'percent'] as const)
    if (written[key] !== undefined) misplaced(key);
  if (written.offset !== undefined) misplaced('offset');
  if (written.percent !== undefined && written.bareNumber !== false)
    report(['percent'], 'percent needs bareNumber: false beside it');
  if (written.percent === 'fraction' && type.config.whole)
    report(['percent'], 'a fraction is no whole number: use type number');
  if (written.locale !== undefined) misplaced('locale');
}

const has = (type: FieldType, key: OwnKey): boolean => type.config.keys.includes(key);

const HOLDERS: Partial<Record<OwnKey, string>> = {
  ...{ groupChar: 'numbers', decimalChar: 'numbers', bareNumber: 'numbers' },
  ...{ accounting: 'numbers', percent: 'numbers', locale: 'numbers, dates and times' },
};

/** The types to which a key belongs, in words. */
function holders(key: OwnKey): string {
  const names = TYPES.filter((type) => has(type, key)).map(({ name }) => name);
  const last = names.at(-1);
  return (
    HOLDERS[key] ?? (names.length === 1 ? `type ${last}` : `${names.slice(0, -1).join(', ')} and ${last}`)
  );
}
