import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PlannedColumn } from '../checks/planned-column.ts';
import { type Band, cutBands } from '../readers/cut-bands.ts';
import type { Extract } from '../readers/reader.ts';
import { literal } from '../sql/sql.ts';
import { NOT_JUDGED, ROW_BIT } from './bits.ts';
import { cellSql, NO_MASK, soundCellSql } from './cell-sql.ts';
import { layered } from './layered.ts';
import { type RawScan, scanOf } from './raw-scan.ts';
import {
  firstText,
  firstTextBits,
  hasMoreCells,
  headersOf,
  isFilled,
  type RowRules,
  raggedBits,
  saysHeader,
  totalsBits,
} from './row-bits.ts';
import { type RowSource, TYPED_VIEW } from './row-source.ts';
import type { Scratch } from './scratch.ts';

/** Files with more columns are typed in bands: the cost of a statement grows faster than the columns that it names. */
export const BANDED_FROM = 128;
/** Columns of a band. */
const BAND = 64;
/** Values in a row group; each is in memory until its group is written. */
const GROUP_CELLS = 1 << 20;

interface BandedRows {
  readonly source: RowSource;
  readonly sound: boolean;
}

export interface BandingOptions {
  readonly kinds: boolean;
  readonly rules: RowRules;
  readonly bigLines: boolean;
}

/**
 * The typed rows of a file with very many columns, as `typeRows` describes them. The file is cut into bands of few
 * columns; each band is typed by itself into lists, one per type, and the bands are put side by side again. Null where
 * a line has more or fewer cells than there are columns.
 */
export async function bandRows(
  scratch: Scratch,
  extract: Extract,
  plan: readonly PlannedColumn[],
  options: BandingOptions,
): Promise<BandedRows | null> {
  const bands = await cutBands(extract, BAND, scratch.folder);
  if (bands === null) return null;
  const typed: TypedBand[] = [];
  for (const [n, band] of bands.entries()) {
    const isIn = ({ source }: PlannedColumn) =>
      source === null ? n === 0 : source >= band.first && source < band.first + band.width;
    typed.push(await typeBand(scratch, extract, band, { ...options, columns: plan.filter(isIn), n }));
    rmSync(band.path);
  }
  const rows = join(scratch.folder, 'rows.parquet');
  await scratch.run(`DROP VIEW IF EXISTS ${TYPED_VIEW}`);
  await writeRows(scratch, rows, typed, { extract, plan, rules: options.rules });
  const source = sourceOf(rows, typed, extract);
  const values = plan.map((column) => `${source.value(column)} AS v${column.index}`);
  const all = source.from(new Set(plan.map(({ index }) => index)));
  await scratch.run(
    `CREATE VIEW ${TYPED_VIEW} AS SELECT ${['rid', 'r', 'm', ...values].join(', ')} FROM ${all}`,
  );
  return {
    source,
    sound: (await scratch.count(`SELECT count(*) FROM ${TYPED_VIEW} WHERE m IS NOT NULL`)) === 0,
  };
}

/**
 * The file of band `n`, its columns with `n` in their names: `filled…`, `first…` (the first text, where rules need it),
 * `again…_0` … (whether the row repeats the band's part of a header), lists of values `g…_0` …, and masks `k…` where
 * some cell is at fault.
 */
interface TypedBand {
  readonly n: number;
  readonly path: string;
  readonly columns: readonly PlannedColumn[];
  /** Types of the lists, in order. */
  readonly types: readonly string[];
  readonly judged: boolean;
}

async function typeBand(
  scratch: Scratch,
  extract: Extract,
  band: Band,
  options: BandingOptions & { readonly columns: readonly PlannedColumn[]; readonly n: number },
): Promise<TypedBand> {
  const form: Extract =
    extract.form === 'lines'
      ? { ...extract, path: band.path, width: band.width, newline: '\n', skip: 0 }
      : { ...extract, path: band.path, width: band.width };
  const { n } = options;
  const scan = scanOf(form, scratch.folder, options.kinds, options.bigLines, `band-${extract.form}-${n}`);
  const columns = options.columns.map((column) =>
    column.source === null ? column : { ...column, source: column.source - band.first },
  );
  const path = join(scratch.folder, `band-${n}.parquet`);
  const types = [...new Set(columns.map(({ sqlType }) => sqlType))];
  const about = [
    ...(extract.form === 'lines' || n > 0 ? [] : ['_row', '_n']),
    `${isFilled(scan)} AS filled${n}`,
    ...(asksFirst(options.rules) ? [`${firstText(scan)} AS first${n}`] : []),
    ...headersOf(options.rules).map(
      (labels, h) =>
        `${saysHeader(scan, labels.slice(band.first, band.first + band.width))} AS again${n}_${h}`,
    ),
    ...listsOf(columns, types, n),
  ];
  const typed = { n, path, columns: options.columns, types };
  const write = (select: string) =>
    writeParquet(
      scratch,
      select,
      path,
      Math.max(2048, Math.floor(GROUP_CELLS / Math.max(1, columns.length))),
    );
  await write(soundSelect(scan, columns, about));
  const bad = await scratch.count(`SELECT count(*) FROM read_parquet(${literal(path)}) WHERE NOT ok`);
  if (bad === 0) return { ...typed, judged: false };
  rmSync(path);
  await write(judgedSelect(scan, columns, about, n));
  return { ...typed, judged: true };
}

const asksFirst = ({ footer, skip }: RowRules) => footer !== null || skip !== null;

function soundSelect(scan: RawScan, columns: readonly PlannedColumn[], about: readonly string[]): string {
  const cells = columns.map((column) => soundCellSql(column, scan));
  const ok = cells.map((cell) => `(${cell.ok})`).join(' AND ');
  return `SELECT ${about.join(', ')}, coalesce(${ok || 'true'}, false) AS ok FROM ${layered(scan.relation, cells)}`;
}

function judgedSelect(
  scan: RawScan,
  columns: readonly PlannedColumn[],
  about: readonly string[],
  n: number,
): string {
  const cells = columns.map((column) => cellSql(column, scan));
  const masks = cells.map((cell) => cell.mask);
  const sound = masks.filter((mask) => mask !== NO_MASK).map((mask) => `${mask} = 0`);
  const mask = `CASE WHEN ${sound.join(' AND ') || 'true'} THEN NULL ELSE [${masks.join(', ')}] END`;
  return `SELECT ${about.join(', ')}, ${mask} AS k${n} FROM ${layered(scan.relation, cells)}`;
}

function listsOf(columns: readonly PlannedColumn[], types: readonly string[], n: number): string[] {
  return types.map((type, t) => {
    const values = columns.filter(({ sqlType }) => sqlType === type).map(({ index }) => `v${index}`);
    return `[${values.join(', ')}]::${type}[] AS g${n}_${t}`;
  });
}

/** The file of what concerns rows as a whole: `r` where the form has it, and the mask `m`, in the order of the plan. */
async function writeRows(
  scratch: Scratch,
  path: string,
  bands: readonly TypedBand[],
  about: {
    readonly extract: Extract;
    readonly plan: readonly PlannedColumn[];
    readonly rules: RowRules;
  },
): Promise<void> {
  const { extract, plan, rules } = about;
  const canonical = extract.form === 'canonical';
  const filled = bands.map(({ n }) => `filled${n}`);
  const again = headersOf(rules).map((_, h) => `(${bands.map(({ n }) => `again${n}_${h}`).join(' AND ')})`);
  const bits = [
    `(CASE WHEN ${[...filled, ...(canonical ? [hasMoreCells(extract.width, rules)] : [])].join(' OR ')} THEN 0 ELSE ${ROW_BIT.blank} END)`,
    ...(canonical ? [`(${raggedBits(extract.width, rules)})`, ...totalsBits(rules)] : []),
    ...firstTextBits(`coalesce(${bands.map(({ n }) => `first${n}`).join(', ')})`, rules),
    ...(again.length === 0 ? [] : [`(CASE WHEN ${again.join(' OR ')} THEN ${ROW_BIT.header} ELSE 0 END)`]),
  ];
  const row = canonical ? ['_row AS r'] : [];
  const from = `(SELECT *, (${bits.join(' + ')})::USMALLINT AS w FROM ${sideBySide(bands)})`;
  const select = `SELECT ${[...row, maskOf(bands, plan)].join(', ')} FROM ${from}`;
  await writeParquet(scratch, select, path, Math.max(64, Math.floor(GROUP_CELLS / plan.length)));
}

/** The mask of a row, put together from those of its bands; see bits.ts. */
function maskOf(bands: readonly TypedBand[], plan: readonly PlannedColumn[]): string {
  const none = (count: number) => `list_resize([]::UINTEGER[], ${count}, 0::UINTEGER)`;
  const masks = bands.map(({ n, judged, columns }) =>
    judged ? `coalesce(k${n}, ${none(columns.length)})` : none(columns.length),
  );
  const order = bands.flatMap(({ columns }) => columns.map(({ index }) => index));
  const flat = `flatten([${masks.join(', ')}])`;
  const places = new Map(order.map((index, place) => [index, place + 1]));
  const inOrder = order.every((index, place) => index === place);
  const cells = inOrder
    ? flat
    : `list_select(${flat}, [${plan.map(({ index }) => places.get(index)).join(', ')}])`;
  const sound = ['w = 0', ...bands.flatMap(({ n, judged }) => (judged ? [`k${n} IS NULL`] : []))];
  return `CASE WHEN ${sound.join(' AND ')} THEN NULL
    WHEN w & ${NOT_JUDGED} <> 0 THEN list_resize([w::UINTEGER], ${plan.length + 1}, 0::UINTEGER)
    ELSE list_concat([w::UINTEGER], ${cells}) END AS m`;
}

function sideBySide(bands: readonly TypedBand[]): string {
  return bands.map(({ n, path }) => `read_parquet(${literal(path)}) AS b${n}`).join(' POSITIONAL JOIN ');
}

function sourceOf(rows: string, bands: readonly TypedBand[], extract: Extract): RowSource {
  const row = extract.form === 'lines' ? `file_row_number + ${extract.firstRow}` : 'r';
  // With the file in front of each name: otherwise the engine searches all files for every name.
  const places = new Map(
    bands.flatMap(({ n, columns, types }) =>
      types.flatMap((type, t) =>
        columns
          .filter(({ sqlType }) => sqlType === type)
          .map(({ index }, place) => [index, `b${n}.g${n}_${t}[${place + 1}]`] as const),
      ),
    ),
  );
  const whole = `(SELECT file_row_number AS rid, ${row} AS r, m FROM read_parquet(${literal(rows)}, file_row_number = true)) AS w`;
  return {
    from: (indices) => {
      const wanted = bands.filter(({ columns }) => columns.some(({ index }) => indices.has(index)));
      return [whole, ...wanted.map((band) => sideBySide([band]))].join(' POSITIONAL JOIN ');
    },
    value: ({ index }) => places.get(index) as string,
  };
}

async function writeParquet(
  scratch: Scratch,
  select: string,
  path: string,
  rowsInGroup: number,
): Promise<void> {
  await scratch.run(
    `COPY (${select}) TO ${literal(path)} (FORMAT parquet, PRESERVE_ORDER true, COMPRESSION zstd, COMPRESSION_LEVEL 1,
     DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE ${Math.min(122_880, rowsInGroup)})`,
  );
}
