import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { Rule } from '../checks/rule.ts';
import { FILE_MODE } from '../lake/atomic-write.ts';
import { literal, quoteName } from '../sql/sql.ts';
import type { CheckedSource } from './checked-rows.ts';
import type { Layout } from './layout.ts';
import { type RawRowsKept, rowsInGroup } from './raw-rows.ts';
import { groupOptions } from './row-groups.ts';
import type { Scratch } from './scratch.ts';

/**
 * Writes rejected rows as the file has them, under its headers, with `_source_row` and `_reasons`, as Parquet and CSV
 * in the scratch folder. In the CSV nothing can run as a formula.
 */
export async function writeRejected(
  scratch: Scratch,
  layout: Layout,
  checked: CheckedSource,
  raw: RawRowsKept,
): Promise<{ readonly parquet: string; readonly csv: string }> {
  const parquet = join(scratch.folder, 'rejected.parquet');
  const csv = join(scratch.folder, 'rejected.csv');
  await keepReasons(scratch, checked);
  const sorted = literal(join(scratch.folder, 'sorted.parquet'));
  // Sorted once, before cells become columns or lines, which take far more memory to sort.
  await scratch.run(
    `COPY (SELECT r, cells, reasons FROM ${raw.relation} JOIN reasons USING (rid) ORDER BY rid) TO ${sorted}
     (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE ${rowsInGroup(checked.typed.scan.width)})`,
  );
  const headers = distinctHeaders(layout.headers, checked.typed.scan.width);
  const plain = headers.map((name, i) => `cells[${i + 1}] AS ${quoteName(name)}`);
  const added = 'r::BIGINT AS "_source_row"';
  await scratch.run(
    `COPY (SELECT ${[...plain, added].join(', ')}, reasons AS "_reasons" FROM read_parquet(${sorted})) TO ${literal(parquet)} (FORMAT parquet, COMPRESSION zstd, ${groupOptions(headers.length, MOST_ROWS)})`,
  );
  const lines = `SELECT ${csvLine('list_concat(cells, [r::VARCHAR, reasons])')} AS line FROM read_parquet(${sorted})`;
  const header = [...headers, '_source_row', '_reasons'].map(literal);
  await scratch.run(
    `COPY (SELECT ${csvLine(`[${header.join(', ')}]`)} AS line UNION ALL ${lines})
     TO ${literal(csv)} (FORMAT csv, HEADER false, DELIMITER '\x1f', QUOTE '', ESCAPE '')`,
  );
  for (const path of [parquet, csv]) chmodSync(path, FILE_MODE);
  return { parquet, csv };
}

/** Rows in a row group: besides their cells they hold texts about what is wrong with them. */
const MOST_ROWS = 16_384;

/** Rules whose set fits into one number, so that only that number is kept for each row. */
const BITS = 63;

/**
 * `reasons(rid, reasons)`: everything that is wrong with a rejected row, without its values. The texts are made once
 * per set of rules, not once per row: a million texts made at the same time do not fit into the engine's memory.
 */
async function keepReasons(scratch: Scratch, { faults }: CheckedSource): Promise<void> {
  const errors = faults.broken().filter((rule) => rule.severity === 'error');
  if (errors.length > BITS) return keepManyReasons(scratch, faults, errors);
  const bits = errors.map((rule, i) => `(${rule.id}, ${2n ** BigInt(i)}::UBIGINT)`).join(', ');
  await scratch.run(
    `CREATE TABLE reason_sets AS SELECT rid, bit_or(bit) AS bits FROM ${faults.relation} JOIN (VALUES ${bits}) AS n(rule, bit) USING (rule) GROUP BY rid`,
  );
  const texts = errors.map(
    (rule, i) => `CASE WHEN bits & ${2n ** BigInt(i)}::UBIGINT <> 0 THEN ${literal(rule.summary)} END`,
  );
  await scratch.run(
    `CREATE TABLE reason_texts AS SELECT bits, concat_ws('; ', ${texts.join(', ')}) AS reasons FROM (SELECT DISTINCT bits FROM reason_sets)`,
  );
  await scratch.run(
    'CREATE VIEW reasons AS SELECT rid, reasons FROM reason_sets JOIN reason_texts USING (bits)',
  );
}

async function keepManyReasons(
  scratch: Scratch,
  faults: CheckedSource['faults'],
  errors: readonly Rule[],
): Promise<void> {
  const names = errors.map((rule) => `(${rule.id}, ${literal(rule.summary)})`).join(', ');
  await scratch.run(
    `CREATE TABLE reasons AS SELECT rid, string_agg(reason, '; ' ORDER BY rule) AS reasons
     FROM (SELECT DISTINCT rid, rule FROM ${faults.relation}) JOIN (VALUES ${names}) AS n(rule, reason) USING (rule) GROUP BY rid`,
  );
}

/**
 * Column names as found, blank ones by their position; duplicate names, also those that differ only in case, get a
 * number.
 */
function distinctHeaders(headers: readonly string[], width: number): string[] {
  const taken = new Set(['_source_row', '_reasons']);
  return Array.from({ length: width }, (_, i) => {
    const base = (headers[i] ?? '').replaceAll('\0', '').trim() || `column ${i + 1}`;
    let name = base;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base} (${n})`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/**
 * A line of CSV (RFC 4180) in which nothing runs as a formula: Excel runs text that begins with one of `=+-@`, tab and
 * CR; a plain number does no harm. It is one expression over a list: with an expression per column, 16,384 columns took
 * the planner more than a quarter of an hour.
 */
function csvLine(cells: string): string {
  const safe = `CASE WHEN regexp_matches(x, '^[=+\\-@\\t\\r]') AND NOT regexp_full_match(x, '[+-]?[0-9]+([.,][0-9]+)*') THEN '''' || x ELSE x END`;
  const quoted = `CASE WHEN regexp_matches(x, '[",\\r\\n]') THEN '"' || replace(x, '"', '""') || '"' ELSE x END`;
  const made = `list_transform(${cells}, lambda x: coalesce(${safe}, ''))`;
  return `array_to_string(list_transform(${made}, lambda x: ${quoted}), ',')`;
}
