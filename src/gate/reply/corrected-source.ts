import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../../domain/count.ts';
import { CANONICAL_DELIMITER, CanonicalWriter } from '../../readers/canonical-writer.ts';
import type {
  CanonicalExtract,
  ExtractSpec,
  RawCell,
  RawRow,
  SheetInfo,
  Source,
} from '../../readers/reader.ts';
import type { Corrections } from './read-corrections.ts';
import { replyRefused } from './reply-refusal.ts';

/** The original with the filled-in cells in place and without the deleted rows; everything else is read unchanged. */
export class CorrectedSource implements Source {
  readonly format: Source['format'];
  readonly dialect?: NonNullable<Source['dialect']>;
  readonly #original: Source;
  readonly #corrections: Corrections;
  /** The delivery that is corrected, for the notes. */
  readonly #fileId: number;

  constructor(original: Source, corrections: Corrections, fileId: number) {
    this.format = original.format;
    if (original.dialect !== undefined) this.dialect = original.dialect;
    this.#original = original;
    this.#corrections = corrections;
    this.#fileId = fileId;
  }

  sheets(): Promise<readonly SheetInfo[]> {
    return this.#original.sheets();
  }

  async head(sheet: SheetInfo, count: number): Promise<readonly RawRow[]> {
    const rows = await this.#original.head(sheet, count);
    return rows.filter((row) => !this.#isDeleted(sheet, row)).map((row) => this.#corrected(sheet, row));
  }

  async *rows(sheet: SheetInfo): AsyncGenerator<RawRow, void> {
    for await (const row of this.#original.rows(sheet))
      if (!this.#isDeleted(sheet, row)) yield this.#corrected(sheet, row);
  }

  async extract(spec: ExtractSpec): Promise<CanonicalExtract> {
    const { sheet, cells, deleted, count } = this.#corrections;
    if (sheet !== spec.sheet.name) {
      throw replyRefused(
        `The corrected cells are of the sheet '${sheet ?? ''}', and the table is on '${spec.sheet.name ?? ''}' now.`,
      );
    }
    const extract = await this.#original.extract(spec);
    const plain = extract.form === 'lines' ? await extract.tokenize() : extract;
    const path = join(spec.scratch, `reply-${this.#fileId}.cells`);
    const writer = new CanonicalWriter(path, spec.width);
    const left = new Map(cells);
    const toDelete = new Set(deleted);
    try {
      for await (const { row, n, kinds, texts } of canonicalRows(plain)) {
        if (toDelete.delete(row)) continue;
        const changes = left.get(row);
        left.delete(row);
        const length = changes === undefined ? n : correct(row, changes, { n, texts, width: spec.width });
        const waiting = writer.writeRow(row, length, withKinds(kinds, changes), texts);
        if (waiting !== undefined) await waiting;
      }
    } finally {
      await writer.close();
    }
    for (const row of [...left.keys(), ...toDelete]) {
      throw replyRefused(`Row ${row} of the original, which the reply corrects, is no row of its data.`);
    }
    const { rows, escaped } = await writer.close();
    const done = [
      ...(count > 0
        ? [`${counted(count, 'cell was', 'cells were')} replaced with the corrected values`]
        : []),
      ...(deleted.size > 0 ? [`${counted(deleted.size, 'row was', 'rows were')} deleted`] : []),
    ].join(' and ');
    const note = `This is a reply to delivery ${this.#fileId}: ${done}, all others are as delivered.`;
    return { ...plain, path, rows, escaped, notes: [...plain.notes, note] };
  }

  close(): Promise<void> {
    return this.#original.close();
  }

  #isDeleted(sheet: SheetInfo, { row }: RawRow): boolean {
    return sheet.name === this.#corrections.sheet && this.#corrections.deleted.has(row);
  }

  #corrected(sheet: SheetInfo, row: RawRow): RawRow {
    const changes = sheet.name === this.#corrections.sheet ? this.#corrections.cells.get(row.row) : undefined;
    if (changes === undefined) return row;
    const cells: RawCell[] = [...row.cells];
    for (const [column, text] of changes) {
      for (let i = cells.length; i < column; i++) cells.push({ text: '', kind: '_' });
      cells[column] = { text, kind: text === '' ? '_' : 's' };
    }
    return { row: row.row, cells };
  }
}

/** Puts corrected cells in place; returns the number of cells that the row then has. */
function correct(
  row: number,
  changes: ReadonlyMap<number, string>,
  found: { readonly n: number; readonly texts: string[]; readonly width: number },
): number {
  let { n } = found;
  for (const [column, text] of changes) {
    if (column >= found.width) throw replyRefused(`A corrected cell of row ${row} is right of the table.`);
    found.texts[column] = text;
    n = Math.max(n, column + 1);
  }
  return n;
}

/**
 * What people write into the workbook is text; validation gives it its type. Kinds are empty where all are text anyway.
 */
function withKinds(kinds: string, changes: ReadonlyMap<number, string> | undefined): string {
  if (changes === undefined || kinds === '') return kinds;
  const each = [...kinds];
  for (const [column, text] of changes) each[column] = text === '' ? '_' : 's';
  return each.join('');
}

interface CanonicalRow {
  readonly row: number;
  readonly n: number;
  readonly kinds: string;
  readonly texts: string[];
}

async function* canonicalRows(extract: CanonicalExtract): AsyncGenerator<CanonicalRow, void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(extract.path, { highWaterMark: 1 << 20 })) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    const end = bytes.lastIndexOf(10) + 1;
    rest = bytes.subarray(end);
    for (const line of bytes.toString('utf8', 0, end).split('\n').slice(0, -1)) {
      const [row = '', n = '', kinds = '', ...texts] = line.split(CANONICAL_DELIMITER);
      yield {
        row: Number(row),
        n: Number(n),
        kinds,
        texts: extract.escaped ? texts.map(unescaped) : texts,
      };
    }
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', u: '\x1f', e: '\x1b' };

function unescaped(text: string): string {
  return text.includes('\x1b')
    ? text.replace(/\x1b([nrue])/g, (_, letter: string) => ESCAPES[letter] ?? '')
    : text;
}
