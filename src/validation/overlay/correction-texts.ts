import type { PlannedColumn } from '../../checks/planned-column.ts';
import type { ConstraintName, Dataset } from '../../domain/dataset.ts';
import type { Slice } from '../../domain/slice.ts';
import type { CellCorrection } from '../../ledger/corrections.ts';
import { CELL_BIT, cellMask } from '../bits.ts';
import { type Bit, bitsOf } from '../form/cells.ts';
import { planColumns } from '../layout.ts';
import { ALL_DATA } from '../row-bits.ts';
import type { Scratch } from '../scratch.ts';
import { textLayout, textRows } from '../text-rows.ts';
import { typeRows } from '../typed-rows.ts';

/** Business columns of a dataset in the form that the checks need, as if every field were in a file. */
export function plannedColumns(dataset: Dataset, slice: Slice): PlannedColumn[] {
  return planColumns(dataset, textLayout(dataset, 'corrections'), slice);
}

/** A sentence that says why a text cannot be the value of its field, and what can. */
export interface TextFault {
  readonly message: string;
  readonly fix: string | null;
}

/** The typed texts of corrections. */
export interface ClearCorrection {
  /**
   * One row per correction: `n` its position in the list, `k0 …` the key, `w<i>` the expected and `v<i>` the new value of
   * column i.
   */
  readonly relation: string;
  /** What is wrong with a text, by position. */
  readonly faults: ReadonlyMap<number, TextFault>;
}

/** Types the texts of corrections by the rules of their fields, like cells of a file. */
export async function typeTexts(
  scratch: Scratch,
  plan: readonly PlannedColumn[],
  dataset: Dataset,
  corrections: readonly CellCorrection[],
): Promise<ClearCorrection> {
  const fields = dataset.fields.map((field) => field.name);
  const rows = corrections.flatMap(({ key, field, value, expected }) => {
    const row = (of: string | null, withKey: boolean) =>
      fields.map((name) => (name === field ? (of ?? '') : withKey ? (key[name] ?? '') : ''));
    return [row(value, true), row(expected, false)];
  });
  const extract = await textRows(scratch.folder, 'corrections', dataset, rows);
  const typed = await typeRows(scratch, extract, plan, { format: 'text', rows: ALL_DATA });
  const keys = keyColumns(plan, dataset).map((column, i) => `a.v${column.index} AS k${i}`);
  const values = plan.flatMap(({ index }) => [`a.v${index} AS v${index}`, `b.v${index} AS w${index}`]);
  const relation = 'fix';
  await scratch.run(
    `CREATE TABLE ${relation} AS SELECT a.rid // 2 AS n, a.m AS am, b.m AS bm, ${[...keys, ...values].join(', ')}
     FROM ${typed.relation} AS a JOIN ${typed.relation} AS b ON b.rid = a.rid + 1 WHERE a.rid % 2 = 0`,
  );
  return { relation, faults: await faultsOf(scratch, relation, plan, dataset, corrections) };
}

export function keyColumns(plan: readonly PlannedColumn[], dataset: Dataset): PlannedColumn[] {
  return dataset.primaryKey.map((name) => plan.find((column) => column.name === name) as PlannedColumn);
}

/** The expected value need only have the right type. It may break a rule, which may be why it is corrected. */
const ONLY_TYPE = CELL_BIT.type | CELL_BIT.badCharacter;

async function faultsOf(
  scratch: Scratch,
  relation: string,
  plan: readonly PlannedColumn[],
  dataset: Dataset,
  corrections: readonly CellCorrection[],
): Promise<Map<number, TextFault>> {
  const found = new Map<number, TextFault>();
  const look = async (
    column: PlannedColumn,
    list: 'am' | 'bm',
    bits: number,
    where: string,
    text: TextOf,
  ) => {
    const mask = `${list}${cellMask(column.index).slice(1)} & ${bits}`;
    const rows = await scratch.rows<{ n: string; bits: string }>(
      `SELECT n::VARCHAR AS n, (${mask})::VARCHAR AS bits FROM ${relation} WHERE ${where} AND ${mask} <> 0`,
    );
    for (const row of rows) {
      const n = Number(row.n);
      const correction = corrections[n] as CellCorrection;
      if (!found.has(n)) found.set(n, told(column, Number(row.bits), text(correction)));
    }
  };
  for (const column of plan) {
    const places = corrections.flatMap(({ field }, n) => (field === column.name ? [n] : []));
    if (places.length === 0) continue;
    const where = `n IN (${places.join(', ')})`;
    await look(column, 'am', refusing(column), where, (correction) => correction.value);
    await look(column, 'bm', ONLY_TYPE, where, (correction) => correction.expected);
  }
  for (const column of keyColumns(plan, dataset))
    await look(column, 'am', ONLY_TYPE, 'true', (correction) => correction.key[column.name] ?? null);
  return found;
}

/** Bits of faults that no value may have; constraints that only warn are not among them. */
function refusing(column: PlannedColumn): number {
  const { rules } = column.field;
  return bitsOf(column, 'text').reduce((bits, { bit, rule }) => {
    const strict = rule.code === 'constraint-error' ? rules[rule.name as ConstraintName] : undefined;
    return (strict?.severity ?? rule.severity) === 'error' ? bits | bit : bits;
  }, 0);
}

type TextOf = (correction: CellCorrection) => string | null;

function told(column: PlannedColumn, bits: number, text: string | null): TextFault {
  const { rule } = bitsOf(column, 'text').find(({ bit }) => (bits & bit) !== 0) as Bit;
  const shown = column.field.pii ? null : text;
  return { message: rule.message?.(shown) ?? rule.summary, fix: rule.fix?.(shown) ?? null };
}
