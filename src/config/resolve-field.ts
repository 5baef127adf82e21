import type { CleanStep, Field } from '../domain/dataset.ts';
import type { ConfigProblem } from './problem.ts';
import type { FieldAsWritten } from './schema.ts';

const TRUE_VALUES = ['true', 'True', 'TRUE', '1'];
const FALSE_VALUES = ['false', 'False', 'FALSE', '0'];

type Report = (path: readonly (string | number)[], message: string) => void;

/** A field with every default filled in. What cannot be meant is reported, each at its path below `at`. */
export function resolveField(
  written: FieldAsWritten,
  missingValues: readonly string[],
  at: readonly (string | number)[],
  problems: ConfigProblem[],
): Field {
  const report: Report = (path, message) => problems.push({ path: [...at, ...path], message });
  const type = written.type ?? 'string';
  refuseMisplaced(written, type, report);
  const rules = written.constraints ?? {};
  return {
    name: written.name,
    title: written.title ?? null,
    aliases: written.aliases ?? [],
    description: written.description ?? null,
    type,
    formats: written.format === undefined || written.format === 'default' ? [] : [written.format].flat(),
    precision: written.precision ?? null,
    scale: written.scale ?? null,
    groupChar: written.groupChar || null,
    decimalChar: written.decimalChar ?? '.',
    bareNumber: written.bareNumber ?? true,
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
    clean: (written.clean ?? []).map(
      (step): CleanStep => (typeof step === 'string' ? step : { map: new Map(Object.entries(step.map)) }),
    ),
    pii: written.pii ?? false,
    missingValues: written.missingValues ?? missingValues,
  };
}

function refuseMisplaced(written: FieldAsWritten, type: Field['type'], report: Report): void {
  const number = type === 'number' || type === 'integer';
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
  if (written.groupChar && written.groupChar === (written.decimalChar ?? '.')) {
    report(['groupChar'], `groupChar and decimalChar are both '${written.groupChar}'`);
  }
  if ((written.trueValues || written.falseValues) && type !== 'boolean') {
    report(
      [written.trueValues ? 'trueValues' : 'falseValues'],
      `true and false values belong to type boolean, not ${type}`,
    );
  }
  if (written.format && written.format !== 'default' && !['date', 'datetime', 'time'].includes(type)) {
    report(['format'], `format belongs to date, datetime and time, not ${type}`);
  }
}
