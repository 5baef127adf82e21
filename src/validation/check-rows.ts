import type { Basis } from '../checks/basis.ts';
import type { Dataset } from '../domain/dataset.ts';
import { checkRecords, type TypedRecords } from './check-records.ts';
import { checkSource, type RawRows } from './check-source.ts';
import { checkTyped, type TypedRows } from './check-typed.ts';
import type { CheckedRows, CheckedSource } from './checked-rows.ts';
import type { Scratch } from './scratch.ts';

/**
 * The one way in which rows are checked, with three doors: raw rows of a file are typed first, typed rows are only
 * checked, and records, whose cells have types and marks, are checked without a file around them. All
 * faults are collected and counted exactly; whether they are too many is for the caller to decide. Throws `bad-config`
 * where a rule cannot be computed.
 */
export async function checkRows(
  engine: Scratch,
  dataset: Dataset,
  rows: RawRows,
  basis: Basis,
): Promise<CheckedSource>;
export async function checkRows(
  engine: Scratch,
  dataset: Dataset,
  rows: TypedRows | TypedRecords,
  basis: Basis,
): Promise<CheckedRows>;
export async function checkRows(
  engine: Scratch,
  dataset: Dataset,
  rows: RawRows | TypedRows | TypedRecords,
  basis: Basis,
): Promise<CheckedRows> {
  if (rows.door === 'records') return checkRecords(engine, dataset, rows, basis);
  return rows.door === 'raw'
    ? checkSource(engine, dataset, rows, basis)
    : checkTyped(engine, dataset, rows, basis);
}
