import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Limits } from '../../domain/limits.ts';
import { CanonicalWriter } from '../canonical-writer.ts';
import type { CanonicalExtract, ExtractSpec } from '../reader.ts';
import { overLimit } from './refusal.ts';
import { scanSheet, type WorkbookParts } from './sheet-scan.ts';
import type { RowSink, SheetScanner } from './sheet-scanner.ts';

/** Cells written out, as a multiple of the unpacked workbook: real ones stay below 4. */
const AMPLIFIED = 8;

/** Writes data rows to the canonical file and counts what the analyst is told. */
class ExtractSink implements RowSink {
  blankRows = 0;
  hiddenRows = 0;
  pending: Promise<void> | undefined;
  readonly #writer: CanonicalWriter;
  readonly #spec: ExtractSpec;
  readonly #lastKinds: Uint8Array;
  #lastKindText = '';
  #lastRow = 0;

  constructor(writer: CanonicalWriter, spec: ExtractSpec) {
    this.#writer = writer;
    this.#spec = spec;
    this.#lastKinds = new Uint8Array(spec.width);
  }

  row(sheet: SheetScanner): boolean {
    const { row, hidden } = sheet;
    if (row <= this.#spec.headerRow) return false;
    if (this.#lastRow > 0) this.blankRows += row - this.#lastRow - 1;
    this.#lastRow = row;
    if (hidden) this.hiddenRows++;
    const n = Math.max(sheet.filled, this.#spec.width);
    this.pending = this.#writer.writeRow(row, n, this.#kinds(sheet.kinds), sheet.texts) ?? undefined;
    return this.pending !== undefined;
  }

  /** Rows of a table look alike, so the last row's text serves most of them. */
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

/** Lays the data rows of a sheet out in the canonical form of reader.ts. */
export async function extractSheet(
  parts: WorkbookParts,
  part: string,
  spec: ExtractSpec,
  notes: readonly string[],
): Promise<CanonicalExtract> {
  const path = join(spec.scratch, `sheet-${spec.sheet.index}-${randomUUID()}.cells`);
  const writer = new CanonicalWriter(path, spec.width);
  const sink = new ExtractSink(writer, spec);
  try {
    const scan = scanSheet(parts, part, spec.width, sink);
    let step = await scan.next();
    for (; !step.done; step = await scan.next()) {
      await sink.pending;
      refuseAmplified(writer.bytes, parts.limits);
    }
    const merged = step.value.mergedLastRows.filter((last) => last > spec.headerRow).length;
    const { rows, escaped } = await writer.close();
    return {
      form: 'canonical',
      path,
      width: spec.width,
      escaped,
      rows,
      blankRows: sink.blankRows,
      hiddenRows: sink.hiddenRows,
      notes: merged === 0 ? notes : [...notes, mergedNote(merged)],
    };
  } finally {
    await writer.close();
  }
}

/** A few long texts that millions of cells refer to would fill the disk from a small file. */
function refuseAmplified(bytes: number, limits: Limits): void {
  if (bytes <= AMPLIFIED * limits.unpacked_bytes) return;
  throw overLimit(
    'unpacked_bytes',
    limits,
    `The cells of a sheet take more than ${AMPLIFIED} times what may be unpacked`,
  );
}

function mergedNote(count: number): string {
  const ranges = count === 1 ? '1 merged range reaches' : `${count} merged ranges reach`;
  return `${ranges} into the data rows; a merged value stands in the top left cell only and is not filled into the others.`;
}
