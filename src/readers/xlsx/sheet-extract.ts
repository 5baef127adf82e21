import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../../domain/count.ts';
import type { Limits } from '../../domain/limits.ts';
import { CanonicalWriter } from '../canonical-writer.ts';
import type { CanonicalExtract, ExtractSpec, MergedCells, MergedRange } from '../reader.ts';
import { MergeFill } from './merge-fill.ts';
import { rangeAddress } from './merged-ranges.ts';
import { overLimit } from './refusal.ts';
import type { SheetRow } from './sheet-row.ts';
import { scanSheet, type WorkbookParts } from './sheet-scan.ts';
import type { RowSink } from './sheet-scanner.ts';
import { readTotalsRows, type TotalsRows } from './totals-rows.ts';

/** Limit on the size of the cells written out, as a multiple of the unpacked workbook: real workbooks stay below 4. */
const AMPLIFIED = 8;
/** Merged ranges that are named to the analyst. */
const NAMED_RANGES = 3;

/** Writes data rows to the canonical file and counts what the analyst is told. */
class ExtractSink implements RowSink {
  blankRows = 0;
  hiddenRows = 0;
  pending: Promise<void> | undefined;
  readonly #writer: CanonicalWriter;
  readonly #spec: ExtractSpec;
  readonly #fill: MergeFill | null;
  readonly #lastKinds: Uint8Array;
  #lastKindText = '';
  #lastRow = 0;

  constructor(writer: CanonicalWriter, spec: ExtractSpec, fill: MergeFill | null) {
    this.#writer = writer;
    this.#spec = spec;
    this.#fill = fill;
    this.#lastKinds = new Uint8Array(spec.width);
  }

  row(sheet: SheetRow): boolean {
    const { row, hidden } = sheet;
    if (row <= this.#spec.headerRow) return false;
    if (this.#lastRow > 0) this.blankRows += row - this.#lastRow - 1;
    this.#lastRow = row;
    if (hidden) this.hiddenRows++;
    this.#fill?.fill(sheet);
    const n = Math.max(sheet.filled, this.#spec.width);
    this.pending = this.#writer.writeRow(row, n, this.#kinds(sheet.kinds), sheet.texts) ?? undefined;
    return this.pending !== undefined;
  }

  /** Rows of a table are alike, so the text of the last row serves for most of them. */
  #kinds(kinds: Uint8Array): string {
    const last = this.#lastKinds;
    let same = this.#lastKindText !== '';
    for (let i = 0; i < last.length && same; i++) same = last[i] === kinds[i];
    if (!same) {
      last.set(kinds.subarray(0, last.length));
      this.#lastKindText = Buffer.from(last.buffer, 0, last.length).toString('latin1', 0, last.length);
    }
    return this.#lastKindText;
  }
}

interface Pass {
  readonly extract: CanonicalExtract;
  readonly ranges: readonly MergedRange[];
  /** Numbers whose style the workbook does not describe. */
  readonly unknownStyles: number;
}

/**
 * Writes the data rows of a sheet in the canonical form of reader.ts. Merged ranges are listed after the cells, so a
 * sheet that has some among its data is read a second time to fill them; all other sheets are read once.
 */
export async function extractSheet(
  parts: WorkbookParts,
  part: string,
  spec: ExtractSpec,
): Promise<CanonicalExtract> {
  const plain = await readOnce(parts, part, spec, null);
  const totals = await readTotalsRows(parts.zip, part);
  const about = {
    notes: [...styleNote(plain.unknownStyles, parts), ...tableNote(totals)],
    totalsRows: totals.rows,
  };
  if (plain.ranges.length === 0) return { ...plain.extract, ...about };
  if (spec.merged !== 'fill') return { ...plain.extract, ...about, merged: mergedCells(plain.ranges, null) };
  rmSync(plain.extract.path);
  const fill = new MergeFill(plain.ranges, spec.headerRow, spec.width);
  const filled = await readOnce(parts, part, spec, fill);
  return { ...filled.extract, ...about, merged: mergedCells(plain.ranges, fill) };
}

async function readOnce(
  parts: WorkbookParts,
  part: string,
  spec: ExtractSpec,
  fill: MergeFill | null,
): Promise<Pass> {
  const path = join(spec.scratch, `sheet-${spec.sheet.index}-${randomUUID()}.cells`);
  const writer = new CanonicalWriter(path, spec.width);
  const sink = new ExtractSink(writer, spec, fill);
  try {
    const scan = scanSheet(parts, part, spec.width, sink);
    let step = await scan.next();
    for (; !step.done; step = await scan.next()) {
      await sink.pending;
      refuseAmplified(writer.bytes, parts.limits);
    }
    const { unknownStyles, formulas, beside } = step.value;
    const { merged, hiddenColumns } = beside;
    const { rows, escaped } = await writer.close();
    const { blankRows, hiddenRows } = sink;
    const extract = {
      form: 'canonical',
      path,
      width: spec.width,
      escaped,
      rows,
      blankRows,
      hiddenRows,
      hiddenColumns: hiddenColumns.within(spec.width),
      zeroFormulas: formulas.allZero(spec.width),
      notes: [],
    } as const;
    return { extract, ranges: merged.inData(spec.headerRow, spec.width), unknownStyles };
  } finally {
    await writer.close();
  }
}

/** If millions of cells refer to a few long texts, a small file would fill the disk. */
function refuseAmplified(bytes: number, limits: Limits): void {
  if (bytes <= AMPLIFIED * limits.unpacked_bytes) return;
  throw overLimit(
    'unpacked_bytes',
    limits,
    `The cells of a sheet take more than ${AMPLIFIED} times what may be unpacked`,
  );
}

function mergedCells(ranges: readonly MergedRange[], fill: MergeFill | null): MergedCells {
  return {
    ranges: ranges.length,
    firstRows: ranges.map(({ firstRow }) => firstRow),
    first: ranges.slice(0, NAMED_RANGES).map(rangeAddress),
    filled: fill?.filled ?? 0,
    numbers: fill?.numbers ?? 0,
    kept: fill?.kept ?? 0,
  };
}

function styleNote(cells: number, { styles }: WorkbookParts): string[] {
  if (cells === 0) return [];
  const many = counted(cells, 'number has', 'numbers have');
  const why =
    styles.length === 0 ? "the workbook's styles part is missing" : 'the workbook does not describe it';
  return [`${many} a format that is not known, as ${why}; dates among them show as numbers.`];
}

function tableNote({ unread }: TotalsRows): string[] {
  if (unread === 0) return [];
  return [
    `${counted(unread, 'table')} of the sheet cannot be read, so a totals row of it would not be known.`,
  ];
}
