import type { PlannedColumn } from '../checks/planned-column.ts';
import { literal } from '../sql/sql.ts';
import { fieldType } from '../types/registry.ts';
import { sliceValue } from '../types/slice-value.ts';
import { trimmed } from '../types/trimmed.ts';
import { CELL_BIT, cleanBit } from './bits.ts';
import { cleaned, unescaped } from './clean-sql.ts';
import { constraintsOf } from './constraint-sql.ts';
import type { RawScan } from './raw-scan.ts';

/**
 * One column of the typed rows, as layers of expressions: each layer is a projection over the one before, so that every
 * value is computed once. Names: f cast, q quick, k0 … cleaned text, k text or null, v value, b base fault, m mask.
 */
export interface CellSql {
  readonly layers: readonly (readonly string[])[];
  readonly value: string;
  readonly mask: string;
}

export function cellSql(column: PlannedColumn, scan: RawScan): CellSql {
  const { field, index: i } = column;
  if (column.source === null) return notInFile(column);
  const raw = `c${column.source}`;
  const kind = scan.kinds ? `substr(_kinds, ${column.source + 1}, 1)` : null;
  const type = fieldType(field).sql(field, { raw, cast: `f${i}`, text: `k${i}`, kind });
  const steps = field.clean.filter((step) => step !== 'trim');
  const quick = steps.length > 0 ? 'false' : quickTest(column, type.quick, raw, scan);
  const last = `k${i}_${steps.length}`;
  const isError = kind === null ? 'false' : `${kind} = 'e'`;
  const needsText = field.constraints.pattern !== null;
  const missing = [...new Set([`k${i}_0`, last])].map((text) => isMissing(column, text)).join(' OR ');
  const value = `v${i}`;
  const text = needsText ? `(CASE WHEN q${i} THEN ${raw} ELSE k${i} END)` : `k${i}`;
  return {
    layers: [
      type.cast === null ? [] : [`${type.cast} AS f${i}`],
      [`(${quick}) AS q${i}`],
      [`CASE WHEN q${i} THEN NULL ELSE ${trimmed(scan.escaped ? unescaped(raw) : raw)} END AS k${i}_0`],
      ...steps.map((step, s) => [`${cleaned(step, `k${i}_${s}`)} AS k${i}_${s + 1}`]),
      [`CASE WHEN ${missing} THEN NULL ELSE ${last} END AS k${i}`],
      [
        `CASE WHEN q${i} THEN ${type.quickValue} WHEN k${i} IS NULL OR ${isError} OR ${badCharacter(column, `k${i}`)} THEN NULL
          ELSE ${type.parse} END AS ${value}`,
      ],
      [`${baseFault(column, isError)} AS b${i}`],
      [`${wholeMask(column, scan, { raw, kind, text, value, steps: steps.length })} AS m${i}`],
    ],
    value,
    mask: `m${i}`,
  };
}

/** The mask of a column whose cells cannot be wrong. */
export const NO_MASK = '0::UINTEGER';

/**
 * A slice column that the file lacks has the slice's value in every row; a value that does not fit the type refuses the
 * file.
 */
function notInFile(column: PlannedColumn): CellSql {
  const { index } = column;
  return { layers: [[`${sliceSql(column)} AS v${index}`]], value: `v${index}`, mask: NO_MASK };
}

/** The slice as a value of its column; NULL where it is not a value of that type. */
export function sliceSql({ field, slice, sqlType }: PlannedColumn): string {
  const value = slice === null ? null : sliceValue(slice, sqlType, field);
  return `CAST(${value === null ? 'NULL' : literal(value)} AS ${sqlType})`;
}

/**
 * The same column for cells without any fault: one test instead of the layers of cleaning. Where `ok` holds, `value` is
 * what `cellSql` would return and its mask is 0; where it does not hold, `value` means nothing. Layers as above.
 */
export function soundCellSql(column: PlannedColumn, scan: RawScan): CellSql & { readonly ok: string } {
  if (column.source === null) return { ...notInFile(column), ok: 'true' };
  const { field, index: i } = column;
  const raw = `c${column.source}`;
  const kind = scan.kinds ? `substr(_kinds, ${column.source + 1}, 1)` : null;
  const type = fieldType(field).sql(field, { raw, cast: `f${i}`, text: `k${i}`, kind });
  const value = `v${i}`;
  const held = constraintsOf(field, value, raw).map(({ broken }) => ` AND NOT (${broken})`);
  const unchanged = field.clean.map((step) => ` AND ${cleaned(step, raw)} = ${raw}`);
  const slice = column.slice === null ? '' : ` AND ${value} = ${sliceSql(column)}`;
  const good = (test: string) =>
    `WHEN ${quickTest(column, test, raw, scan)}${unchanged.join('')} THEN (true${held.join('')}${slice})`;
  const blank = field.constraints.required || column.slice !== null ? 'false' : 'true';
  const blankKind = kind === null ? '' : ` AND ${kind} <> 'e'`;
  return {
    layers: [type.cast === null ? [] : [`${type.cast} AS f${i}`], [`${type.quickValue} AS ${value}`]],
    value,
    mask: NO_MASK,
    ok: `CASE ${isListed(column, raw)}${good(type.quick)} WHEN ${raw} = ''${blankKind} THEN ${blank} ${type.sound === null ? '' : good(type.sound)} ELSE false END`,
  };
}

/** The text is one of the allowed ones, as written: nothing else can be wrong with it. */
function isListed({ field, slice }: PlannedColumn, raw: string): string {
  const { enum: allowed, ...others } = field.constraints;
  const alone = others.pattern === null && others.minLength === null && others.maxLength === null;
  if (
    !fieldType(field).cells.anyText ||
    allowed === null ||
    slice !== null ||
    !alone ||
    field.clean.length > 0
  )
    return '';
  const plain = allowed.filter((text) => /^[!-~]+$/.test(text) && !field.missingValues.includes(text));
  return plain.length === 0 ? '' : `WHEN ${raw} IN (${plain.map(literal).join(', ')}) THEN true `;
}

function quickTest(column: PlannedColumn, quick: string, raw: string, scan: RawScan): string {
  const { cells } = fieldType(column.field);
  // A number or date that stands for missing (`-999`, `9999-12-31`) would otherwise pass as a value.
  const risky = column.field.missingValues.filter((text) => text !== '' && cells.mayBeQuick(text));
  const notMissing = risky.length === 0 ? '' : ` AND ${raw} NOT IN (${risky.map(literal).join(', ')})`;
  // A cell with an error holds no value, whatever its text is.
  const noError = scan.kinds ? ` AND substr(_kinds, ${(column.source ?? 0) + 1}, 1) <> 'e'` : '';
  const notEscaped = scan.escaped && cells.anyText ? ` AND NOT contains(${raw}, chr(27))` : '';
  return `${quick}${noError}${notMissing}${notEscaped}`;
}

function isMissing({ field }: PlannedColumn, text: string): string {
  const values = new Set(['', ...field.missingValues.map((value) => value.trim())]);
  return `${text} IN (${[...values].map(literal).join(', ')})`;
}

/** NUL, the character for unreadable bytes, and what databases refuse in values of the type. */
function badCharacter({ field }: PlannedColumn, text: string): string {
  const plain = `contains(${text}, chr(0)) OR contains(${text}, chr(65533))`;
  const own = fieldType(field).cells.badCharacter?.(text);
  return own === undefined ? `(${plain})` : `(${plain} OR ${own})`;
}

function baseFault(column: PlannedColumn, isError: string): string {
  const { index: i, field } = column;
  return `CASE WHEN q${i} THEN 0 WHEN ${isError} THEN ${CELL_BIT.errorCell}
    WHEN k${i} IS NULL THEN ${field.constraints.required ? CELL_BIT.required : 0}
    WHEN ${badCharacter(column, `k${i}`)} THEN ${CELL_BIT.badCharacter}
    WHEN v${i} IS NULL THEN ${CELL_BIT.type} ELSE 0 END`;
}

function wholeMask(
  column: PlannedColumn,
  scan: RawScan,
  names: { raw: string; kind: string | null; text: string; value: string; steps: number },
): string {
  const { index: i, field } = column;
  const parts = constraintsOf(field, names.value, names.text).map(
    ({ fault, broken }) =>
      `(CASE WHEN ${names.value} IS NOT NULL AND ${broken} THEN ${CELL_BIT[fault]} ELSE 0 END)`,
  );
  if (column.slice !== null) {
    const differs = `${names.value} IS DISTINCT FROM ${sliceSql(column)}`;
    parts.push(`(CASE WHEN ${differs} THEN ${CELL_BIT.slice} ELSE 0 END)`);
  }
  const judged =
    parts.length === 0 ? `b${i}` : `(CASE WHEN b${i} <> 0 THEN b${i} ELSE ${parts.join(' + ')} END)`;
  const cell = { text: `k${i}`, value: `v${i}`, kind: names.kind };
  const notes = fieldType(field)
    .cells.notes(field, cell)
    .map(({ note, when }) => `(CASE WHEN ${when} THEN ${CELL_BIT[note]} ELSE 0 END)`);
  const before = scan.escaped ? unescaped(names.raw) : names.raw;
  notes.push(`(CASE WHEN k${i}_0 <> ${before} AND k${i}_0 <> '' THEN ${cleanBit(0)} ELSE 0 END)`);
  for (let s = 1; s <= names.steps; s++) {
    notes.push(
      `(CASE WHEN k${i}_${s} IS DISTINCT FROM k${i}_${s - 1} AND NOT (${isMissing(column, `k${i}_0`)}) THEN ${cleanBit(s)} ELSE 0 END)`,
    );
  }
  const noted = notes.length === 0 ? '' : ` + (CASE WHEN q${i} THEN 0 ELSE ${notes.join(' + ')} END)`;
  return `(${judged}${noted})::UINTEGER`;
}
