import type { FindingEntry } from '../../checks/finding-entry.ts';
import { labelOf, type PlannedColumn } from '../../checks/planned-column.ts';
import type { RuleInit } from '../../checks/rule.ts';
import { softenedBy } from '../../checks/strictness.ts';
import { type Fillings, wordsOf } from '../../checks/wording.ts';
import type { ConstraintName } from '../../domain/dataset.ts';
import { listed } from '../../domain/listed.ts';
import { fieldType } from '../../types/registry.ts';
import { CELL_BIT, type CellFault, cleanBit } from '../bits.ts';
import { cleanStepName } from '../clean-sql.ts';
import type { Layout } from '../layout.ts';
import { MESSAGES, type MessageId } from '../messages.ts';
import type { SourceEnv } from '../source-env.ts';
import { expected, formOf, typeCure } from './expected.ts';

export const entries: readonly FindingEntry[] = [
  {
    code: 'type-error',
    title: 'A cell is not what its column holds',
    meaning: 'The text of the cell is matched before it is read: nothing is guessed, rounded or cut to fit.',
    example:
      "'12,5' or '1e3' in a column of numbers; 31/02/2025 in a column of dates; a cell that shows #N/A; a member that is twice in its JSON object.",
    cure: 'Correct the cell, or add the format to the field.',
  },
  {
    code: 'constraint-error',
    title: 'A value breaks a rule of its column',
    meaning:
      'The value is of the right type, but it is missing where needed, out of range, too long, in another form, or not in the list.',
    example: "A blank cell in a required column; 'NW' where NO, SO, EA, WE and CE are allowed.",
    cure: 'Correct the cell, or change the constraint of the field.',
  },
  {
    code: 'bad-character',
    title: 'A cell holds a character that cannot be kept',
    meaning: 'NUL, or a character that was broken on the way, which databases refuse.',
    example: 'An invisible NUL pasted from another system.',
    cure: 'Type the text of the cell again.',
  },
  {
    code: 'slice-mismatch',
    title: 'A cell contradicts the name of the file',
    meaning: 'The file name says which part of the data this is, and a row says otherwise.',
    example: "'OCR' in the column exam_board of topics_AQA_gcse_2025-06.csv.",
    cure: 'Take the rows out, or correct the name of the file.',
  },
  {
    code: 'slice-value',
    title: 'The name of the file gives a value that is not allowed',
    meaning:
      'A part of the file name is the value of a column for all rows. The type, form, limits and lists of the field of that name apply to it, even if the file has no such column.',
    example: "'north' in sales_north_2025-06.csv, where the list of regions has 'North'.",
    cure: 'Correct the name of the file, or have the list completed first.',
  },
  {
    code: 'number-in-text',
    title: 'Numbers in a text column',
    meaning:
      'A workbook holds numbers where text is expected. Leading zeros and long digits may be lost already.',
    example: "7 where '007' was meant.",
    cure: 'Format the column as text, then type the values again.',
  },
  {
    code: 'percent-in-text',
    title: 'A percentage is typed as text',
    meaning:
      'A workbook keeps a percentage as a fraction: a cell that shows 5% holds 0.05. Typed as text it counts as the 5 that is shown, unless the field has `percent: fraction`.',
    example: "'5%' as text, among cells formatted as percentages.",
    cure: 'Type the percentages into cells of the percent format, or set `percent: fraction` for the field.',
  },
  {
    code: 'offset-dropped',
    title: 'A time is kept as written, without its offset',
    meaning:
      'A date and time with an offset from UTC counts as the time that is written, so that it stays in its day. `offset: utc` converts it instead.',
    example: '2025-06-01T00:30:00+02:00 is kept as 2025-06-01 00:30.',
    cure: 'Nothing needs to be done, unless times in UTC are meant: set `offset: utc` for the field.',
  },
  {
    code: 'digits-lost',
    title: 'A number has more digits than can be kept',
    meaning:
      'A column of numbers without `precision` keeps about 16 digits; the last ones of a longer number change.',
    example: '9007199254740993, which becomes 9007199254740992.',
    cure: 'Give the field `precision` and `scale`; identifiers belong in a field of type string.',
  },
  {
    code: 'cleaned',
    title: 'Values were cleaned',
    meaning:
      'Blanks at both ends of every cell are removed, those inside stay; then the cleaning steps of the field are applied. Both are counted by column.',
    example: "' no ' became 'NO'.",
    cure: 'Nothing needs to be done.',
  },
];

/** Masks of single cells, one row per cell that has a mask: `rid`, `i` the index of its column, `mask`. */
function faultyCells({ rows: { data } }: SourceEnv): string {
  return `(SELECT * FROM (SELECT rid, unnest(m[2:]) AS mask, generate_subscripts(m[2:], 1) - 1 AS i
  FROM ${data} WHERE m IS NOT NULL) WHERE mask <> 0)`;
}

/** Counts every bit of every column in one pass, then lists the rows of those that occur in a second pass. */
export async function checkCells(env: SourceEnv): Promise<void> {
  const broken: (Bit & { readonly count: number })[] = [];
  for (const { column, bit, rule: init, count } of await countedBits(env)) {
    const rule = asStrict(env, column, init, count);
    if (rule.severity !== 'error') env.kept.set(column.index, (env.kept.get(column.index) ?? 0) | bit);
    broken.push({ column, bit, rule, count });
  }
  await env.faults.addAll(broken, (rules) => {
    const codes = broken.flatMap(({ column, bit, rule }, n) =>
      rule.code === 'cleaned' ? [] : [`(${column.index}, ${bit}::UINTEGER, ${rules[n]?.id})`],
    );
    if (codes.length === 0) return null;
    const known = `(VALUES ${codes.join(', ')}) AS c(i, bit, rule)`;
    return `SELECT rid, rule FROM ${faultyCells(env)} JOIN ${known} USING (i) WHERE mask & bit <> 0`;
  });
}

/** The bits that occur, by column, and in how many rows. */
async function countedBits(env: SourceEnv): Promise<readonly (Bit & { readonly count: number })[]> {
  const found = await env.engine.rows<{ i: number; mask: number; n: string }>(
    `SELECT i, mask, count(*) AS n FROM ${faultyCells(env)} GROUP BY ALL`,
  );
  const masks = new Map<number, { mask: number; n: number }[]>();
  for (const { i, mask, n } of found) {
    const known = masks.get(Number(i)) ?? [];
    known.push({ mask: Number(mask), n: Number(n) });
    masks.set(Number(i), known);
  }
  return env.plan
    .filter(({ index }) => masks.has(index))
    .flatMap((column) => bitsOf(column, env.layout.format))
    .map((one) => {
      const having = (masks.get(one.column.index) ?? []).filter(({ mask }) => (mask & one.bit) !== 0);
      return { ...one, count: having.reduce((sum, { n }) => sum + n, 0) };
    })
    .filter(({ count }) => count > 0);
}

/** The rule of a constraint, with the strictness of its field. */
function asStrict(env: SourceEnv, { field }: PlannedColumn, rule: RuleInit, count: number): RuleInit {
  const strict = rule.code === 'constraint-error' ? field.rules[rule.name as ConstraintName] : undefined;
  return strict ? { ...rule, ...softenedBy(strict, rule.summary, env.read)(count) } : rule;
}

/** A bit of a column's mask, and how it is reported. */
export interface Bit {
  readonly column: PlannedColumn;
  readonly bit: number;
  readonly rule: RuleInit;
}

const OUTER_BLANKS = 'outer blanks';

/** Every mark that a cell of a column can have. */
export function bitsOf(column: PlannedColumn, format: Layout['format']): Bit[] {
  const faults = (Object.keys(CELL_BIT) as CellFault[]).filter(isTold).map((fault) => ({
    column,
    bit: CELL_BIT[fault],
    rule: cellRule(column, fault, format),
  }));
  const steps = [OUTER_BLANKS, ...column.field.clean.filter((step) => step !== 'trim').map(cleanStepName)];
  const cleaned = [...new Set(steps.map((_, s) => cleanBit(s)))].map((bit, s) => ({
    column,
    bit,
    rule: {
      name: steps[s] as string,
      severity: 'info' as const,
      columns: [column],
      ...wordsOf(MESSAGES[s === 0 ? 'cleaned.blanks' : 'cleaned'], {
        column: labelOf(column.field),
        step: steps[s] as string,
      }),
    },
  }));
  return [...faults, ...cleaned];
}

type ToldFault = Exclude<CellFault, 'dateText'>;

function isTold(fault: CellFault): fault is ToldFault {
  return fault !== 'dateText';
}

/** How each fault is reported: the message, and the values for its places besides the column. */
function cellRule(column: PlannedColumn, fault: ToldFault, format: Layout['format']): RuleInit {
  const { field } = column;
  const { constraints } = field;
  const rule = (id: MessageId, values: Fillings = {}, more: Partial<RuleInit> = {}): RuleInit => ({
    name: fault,
    severity: 'error',
    columns: [column],
    ...wordsOf(MESSAGES[id], { column: labelOf(field), ...values }),
    ...more,
  });
  switch (fault) {
    case 'errorCell':
      return format === 'jsonl'
        ? rule('type-error.member', {}, { name: 'doubled-member' })
        : rule('type-error.workbook', {}, { name: 'error-cell' });
    case 'badCharacter':
      return rule('bad-character');
    case 'type':
      return typeRule(column);
    case 'required':
      return rule('constraint-error.required');
    case 'pattern':
      return rule('constraint-error.pattern', { form: formOf(constraints.pattern ?? '') });
    case 'enum': {
      const allowed = constraints.enum ?? [];
      return rule('constraint-error.enum', { allowed: listed(allowed) }, { candidates: async () => allowed });
    }
    case 'minimum':
    case 'maximum':
    case 'minLength':
    case 'maxLength':
      return rule(`constraint-error.${fault}`, { limit: constraints[fault] ?? '' });
    case 'slice':
      return rule('slice-mismatch', { expected: column.slice ?? '' });
    case 'numberInText':
      return rule('number-in-text', {}, { severity: 'warning' });
    case 'percentInText':
      return rule('percent-in-text', {}, { severity: 'warning' });
    case 'offsetDropped':
      return rule('offset-dropped', {}, { severity: 'info' });
    case 'digitsLost':
      return rule('digits-lost', {}, { severity: 'warning' });
  }
}

/** A whole number that is too large or too small is still a whole number, and the message says so. */
function typeRule(column: PlannedColumn): RuleInit {
  const { field } = column;
  const words = wordsOf(MESSAGES['type-error'], {
    column: labelOf(field),
    expected: expected(field),
    cure: '',
  });
  const farOff = (value: string | null) => {
    const found = fieldType(field).words.outOfRange(field, value);
    if (found === null) return null;
    return wordsOf(MESSAGES[`type-error.${found.how}`], { column: labelOf(field), limit: found.limit });
  };
  return {
    ...{ name: 'type', severity: 'error', columns: [column], ...words },
    message: (value) => (farOff(value) ?? words).message(value),
    fix: (value) => farOff(value)?.fix(value) ?? typeCure(field, value),
  };
}
