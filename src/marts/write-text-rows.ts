import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { counted } from '../domain/count.ts';
import { whole } from '../domain/shown-text.ts';
import { option, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { commitFile, FILE_MODE, temporaryName } from '../lake/atomic-write.ts';
import { safeCsvLine } from './safe-csv-line.ts';
import { writeXlsx } from './write-xlsx.ts';

/** Rows of texts, in portions; null is an empty cell. */
export interface TextRows {
  readonly columns: readonly string[];
  readonly portions: AsyncIterable<readonly (readonly (string | null)[])[]>;
}

export interface TextRowsTarget {
  readonly format: 'csv' | 'xlsx';
  /** Absolute path. */
  readonly path: string;
  /** The path as messages call it. */
  readonly shownAs: string;
  readonly overwrite: boolean;
}

/** A cell of a workbook holds 32,767 characters; the rest of a longer text is told by its number. */
const MOST_OF_CELL = 32_000;

/**
 * Writes rows to a file for people, in which nothing runs as a formula: under a temporary name first, renamed when it is
 * complete. Returns the number of rows. An existing file is `already-exists`, unless it may be overwritten.
 */
export async function writeTextRows(rows: TextRows, target: TextRowsTarget): Promise<number> {
  const { path, format } = target;
  if (existsSync(path) && !target.overwrite) {
    throw new TidemarkError('already-exists', {
      message: `${target.shownAs} is there already.`,
      hint: words`Choose another name, or overwrite it with ${option('force')}.`,
      where: { file: target.shownAs },
    });
  }
  mkdirSync(dirname(path), { recursive: true });
  const temporary = temporaryName(path);
  try {
    const each = countingRows(rows);
    if (format === 'csv') await writeCsv(each.rows, temporary);
    else await writeXlsx(workbookRows(each.rows), temporary, basename(path, extname(path)));
    chmodSync(temporary, FILE_MODE);
    commitFile(temporary, path);
    return each.count();
  } finally {
    rmSync(temporary, { force: true });
  }
}

async function writeCsv({ columns, portions }: TextRows, path: string): Promise<void> {
  const file = await open(path, 'wx', FILE_MODE);
  try {
    await file.writeFile(safeCsvLine(columns));
    for await (const portion of portions) await file.writeFile(portion.map(safeCsvLine).join(''));
  } finally {
    await file.close();
  }
}

function countingRows({ columns, portions }: TextRows): { readonly rows: TextRows; count(): number } {
  let rows = 0;
  async function* counting() {
    for await (const portion of portions) {
      rows += portion.length;
      yield portion;
    }
  }
  return { rows: { columns, portions: counting() }, count: () => rows };
}

function workbookRows({ columns, portions }: TextRows) {
  async function* chunks() {
    for await (const portion of portions) yield portion.map((row) => row.map(cellText));
  }
  return { columns: columns.map((name) => ({ name, type: 'VARCHAR' })), chunks };
}

function cellText(text: string | null): string | null {
  if (text === null || text.length <= MOST_OF_CELL) return text;
  return `${whole(text, MOST_OF_CELL)}… (${counted(text.length, 'character')} in all)`;
}
