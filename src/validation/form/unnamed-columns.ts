import { counted } from '../../domain/count.ts';
import { trimmed } from '../../types/trimmed.ts';
import { unescaped } from '../clean-sql.ts';
import { originOf } from '../row-origin.ts';
import type { SourceEnv } from '../source-env.ts';

/** Columns per statement. */
const PORTION = 64;

/**
 * Reports every column without a header that has a value in a row of data, however far down: the gate reads only the
 * first rows. `headers.extra` decides whether the file is refused for it. A file whose columns all have headers costs
 * nothing.
 */
export async function checkUnnamedColumns(env: SourceEnv): Promise<void> {
  const { headers, format } = env.layout;
  if (format === 'jsonl') return;
  const unnamed = headers.flatMap((label, i) => (label.trim() === '' ? [i] : []));
  for (let at = 0; at < unnamed.length; at += PORTION) {
    const columns = unnamed.slice(at, at + PORTION);
    for (const { column, rid, values } of await valuesIn(env, columns)) {
      const row = await env.engine.count(`SELECT r FROM ${env.rows.typed} WHERE rid = ${rid}`);
      env.tableFindings.push(sayUnnamed(env, { column, row, values }));
    }
  }
}

interface Found {
  readonly column: number;
  /** Position of the first row of data with a value. */
  readonly rid: number;
  readonly values: number;
}

async function valuesIn(env: SourceEnv, columns: readonly number[]): Promise<Found[]> {
  const { scan } = env;
  const texts = columns.map((column) => {
    const cell = `cells[${column + 1}]`;
    return `${trimmed(scan.escaped ? unescaped(cell) : cell)} <> '' AS f${column}`;
  });
  const asked = columns.flatMap((column) => [
    `min(rid) FILTER (f${column}) AS rid${column}`,
    `count(*) FILTER (f${column}) AS n${column}`,
  ]);
  // Numbering rows keeps the scan in file order, on one thread.
  const found = await env.engine.row(
    `SELECT ${asked.join(', ')} FROM (SELECT row_number() OVER () - 1 AS rid, ${texts.join(', ')} FROM ${scan.records})
     WHERE rid IN (SELECT rid FROM ${env.rows.data})`,
  );
  return columns.flatMap((column) => {
    const values = Number(found[`n${column}`]);
    return values === 0 ? [] : [{ column, rid: Number(found[`rid${column}`]), values }];
  });
}

const SEVERITY = { error: 'error', warning: 'warning', ignore: 'info' } as const;

function sayUnnamed(
  { dataset, layout }: SourceEnv,
  about: { readonly column: number; readonly row: number; readonly values: number },
) {
  const { column, row, values } = about;
  const cell = originOf(layout).address(column, row);
  const shown = originOf(layout).column(column);
  const has = counted(values, 'value, in', 'values, the first in');
  return {
    code: 'blank-label',
    name: `blank-label ${shown}`,
    severity: SEVERITY[dataset.headers.extra],
    field: null,
    message: `Column ${shown} has no header, so it is not read, but it has ${has} row ${row}.`,
    fix: 'Give the column its header, or empty it.',
    cell,
    row,
  };
}
