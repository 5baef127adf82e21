import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StatementError } from '../checks/engine.ts';
import type { PlannedColumn } from '../checks/planned-column.ts';
import type { Extract } from '../readers/reader.ts';
import { literal } from '../sql/sql.ts';
import { BANDED_FROM, bandRows } from './banded-rows.ts';
import { CELL_UNSOUND, NOT_JUDGED, RAGGED } from './bits.ts';
import { type CellSql, cellSql, NO_MASK, soundCellSql } from './cell-sql.ts';
import { layered } from './layered.ts';
import type { Layout } from './layout.ts';
import { type RawScan, scanOf } from './raw-scan.ts';
import { type RowRules, rowBits } from './row-bits.ts';
import { ONE_VIEW, type RowSource, TYPED_VIEW } from './row-source.ts';
import type { Scratch } from './scratch.ts';

/** The typed rows of a source. */
export interface TypedSource {
  /** A relation of `rid` (the 0-based position in the source), `r`, the mask `m`, and the values v0 …. */
  readonly relation: string;
  readonly scan: RawScan;
  /** The form that was finally read. */
  readonly extract: Extract;
  /** Every row has a mask of null: no cell has a mark. */
  readonly sound: boolean;
  readonly source: RowSource;
}

/** From this size on it saves time to test first whether all rows are sound. */
const QUICK_FROM_BYTES = 4 * 1024 * 1024;
/** Rows at the head of the file that show whether that is likely. */
const SAMPLE_ROWS = 2048;

export interface TypingOptions {
  readonly format: Layout['format'];
  readonly rows: RowRules;
  /** QUICK_FROM_BYTES where not given. */
  readonly quickFrom?: number | undefined;
}

/**
 * Typed values v0 …, the row's number and its mask of faults, as a view over a file.
 * It is in a scratch Parquet file instead of memory, so that ten million rows need no more memory than one, and
 * so that later passes see the same rows in the same groups, whatever the threads did.
 */
export async function typeRows(
  scratch: Scratch,
  extract: Extract,
  plan: readonly PlannedColumn[],
  options: TypingOptions,
): Promise<TypedSource> {
  let form = extract;
  for (let bigLines = false; ; ) {
    const scan = scanOf(
      form,
      scratch.folder,
      form.form === 'canonical' && options.format !== 'text',
      bigLines,
    );
    try {
      if (form.width > BANDED_FROM) {
        const rules = options.rows;
        const rows = await bandRows(scratch, form, plan, { kinds: scan.kinds, rules, bigLines });
        if (rows !== null) return { relation: TYPED_VIEW, scan, extract: form, ...rows };
      } else {
        const state = await writeTyped(scratch, scan, plan, form, options);
        if (state !== 'uneven' || form.form === 'canonical')
          return { relation: TYPED_VIEW, scan, extract: form, sound: state === 'sound', source: ONE_VIEW };
      }
    } catch (error) {
      if (!(error instanceof StatementError) || !error.message.startsWith('Invalid Input Error')) throw error;
      const tooLong = /maximum line size|max_line_size/i.test(error.message);
      if (form.form === 'canonical' && (bigLines || !tooLong)) throw error;
      bigLines = tooLong;
    }
    // The fast form is right only where every line has as many cells as the header; our own tokenizer always is.
    if (form.form === 'lines') form = await form.tokenize();
  }
}

/** `uneven` where there are rows that the fast form cannot separate: too long or too short. */
type State = 'sound' | 'judged' | 'uneven';

async function writeTyped(
  scratch: Scratch,
  scan: RawScan,
  plan: readonly PlannedColumn[],
  form: Extract,
  options: TypingOptions,
): Promise<State> {
  const path = join(scratch.folder, 'typed.parquet');
  if (statSync(form.path).size >= (options.quickFrom ?? QUICK_FROM_BYTES)) {
    const done = await writeSound(scratch, scan, plan, options, path);
    if (done !== null) return done;
  }
  await keep(scratch, typedSelect(scan, plan, options.rows), path);
  await viewTyped(scratch, scan, path, 'm');
  if (scan.form === 'canonical') return 'judged';
  const ragged = await scratch.count(
    `SELECT count(*) FROM ${TYPED_VIEW} WHERE m IS NOT NULL AND m[1] & ${RAGGED} <> 0`,
  );
  return ragged > 0 ? 'uneven' : 'judged';
}

/**
 * In most files every row is sound. Then the layers that clean and judge a cell need not run at all, which is a third
 * of the time. Null: some row is not sound, so all have to be judged.
 */
async function writeSound(
  scratch: Scratch,
  scan: RawScan,
  plan: readonly PlannedColumn[],
  options: TypingOptions,
  path: string,
): Promise<State | null> {
  const select = soundSelect(scan, plan, options.rows);
  const [sample] = await scratch.rows<{ bad: string }>(
    `SELECT count(*) AS bad FROM (SELECT w FROM (${select}) LIMIT ${SAMPLE_ROWS}) WHERE w IS DISTINCT FROM 0`,
  );
  if (Number(sample?.bad) > 0) return null;
  await keep(scratch, select, path);
  await viewTyped(scratch, scan, path, 'NULL::UINTEGER[] AS m');
  const found = await scratch.row(
    `SELECT count(*) FILTER (w & ${RAGGED} <> 0) AS ragged, count(*) AS bad
     FROM read_parquet(${literal(path)}) WHERE w <> 0`,
  );
  if (scan.form === 'lines' && Number(found.ragged) > 0) return 'uneven';
  return Number(found.bad) > 0 ? null : 'sound';
}

async function keep(scratch: Scratch, select: string, path: string): Promise<void> {
  await scratch.run(`DROP VIEW IF EXISTS ${TYPED_VIEW}`);
  rmSync(path, { force: true });
  // Not compressed: it is read again at once, and compression takes a tenth of the whole validation.
  await scratch.run(
    `COPY (${select}) TO ${literal(path)} (FORMAT parquet, PRESERVE_ORDER true, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1000, STRING_DICTIONARY_PAGE_SIZE_LIMIT 65536)`,
  );
}

async function viewTyped(scratch: Scratch, scan: RawScan, path: string, mask: string): Promise<void> {
  const row = scan.form === 'lines' ? scan.rowOf('file_row_number') : 'r';
  await scratch.run(
    `CREATE OR REPLACE VIEW ${TYPED_VIEW} AS SELECT file_row_number AS rid, ${row} AS r, ${mask}, COLUMNS('^v[0-9]+$')
     FROM read_parquet(${literal(path)}, file_row_number = true)`,
  );
}

/** `w` is 0 for a row without any mark, CELL_UNSOUND where a cell has one, else the row's own bits. */
function soundSelect(scan: RawScan, plan: readonly PlannedColumn[], rules: RowRules): string {
  const cells = plan.map((column) => soundCellSql(column, scan));
  const from = layered(`(SELECT *, ${rowBits(scan, rules)} AS b FROM ${scan.relation})`, cells);
  const ok = cells.map((cell) => `(${cell.ok})`).join(' AND ');
  const row = scan.form === 'lines' ? [] : ['_row AS r'];
  const values = cells.map((cell) => cell.value);
  return `SELECT ${[...row, ...values, `(CASE WHEN b <> 0 THEN b WHEN ${ok || 'true'} THEN 0 ELSE ${CELL_UNSOUND} END)::USMALLINT AS w`].join(', ')} FROM ${from}`;
}

function typedSelect(scan: RawScan, plan: readonly PlannedColumn[], rules: RowRules): string {
  const cells = plan.map((column) => cellSql(column, scan));
  const from = layered(`(SELECT *, ${rowBits(scan, rules)} AS w FROM ${scan.relation})`, cells);
  const values = cells.map((cell) => cell.value);
  const row = scan.form === 'lines' ? [] : ['_row AS r'];
  return `SELECT ${[...row, ...values, `${maskList(cells)} AS m`].join(', ')} FROM ${from}`;
}

/**
 * Null for a row without any fault. The cells of a record of the wrong length do not belong to the columns, so they are
 * not judged.
 */
function maskList(cells: readonly CellSql[]): string {
  const masks = cells.map((cell) => cell.mask);
  const sound = ['w = 0', ...masks.filter((mask) => mask !== NO_MASK).map((mask) => `${mask} = 0`)].join(
    ' AND ',
  );
  const all = ['w::UINTEGER', ...masks].join(', ');
  const rowOnly = ['w::UINTEGER', ...masks.map(() => '0::UINTEGER')].join(', ');
  return `CASE WHEN ${sound} THEN NULL WHEN w & ${NOT_JUDGED} <> 0 THEN [${rowOnly}] ELSE [${all}] END`;
}
