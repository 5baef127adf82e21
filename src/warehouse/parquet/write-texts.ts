import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from '../../sql/sql.ts';
import { withOwnMemory } from './in-memory.ts';

/**
 * Characters of one file, which is made in memory and read back in whole row groups. A million texts of 300 bytes and a
 * thousand of a megabyte then peak at 270 and 340 MB; with four times as many characters both take 600 MB.
 */
const FILE_CHARACTERS = 2 ** 23;
/** One row group of the engine. */
const FILE_TEXTS = 122_880;

/** One thread appends, so a second one would only take memory. */
const SMALL = { threads: '1', memory_limit: '400MB' };

/** A Parquet file of texts: column `n` counts them from 0, `text` is the text. */
export interface TextFile {
  readonly path: string;
  readonly count: number;
  /** Of all its texts together. */
  readonly characters: number;
}

/**
 * Writes texts into Parquet files in a folder, and returns the files in the order of the texts. Memory is bounded, however
 * many or long they are. None may hold the character NUL, at which the engine would end it.
 */
export function writeTexts(
  folder: string,
  portions: AsyncIterable<readonly string[]>,
  signal: AbortSignal | undefined,
): Promise<readonly TextFile[]> {
  return withOwnMemory(
    signal,
    async (connection) => {
      const files: TextFile[] = [];
      for await (const { texts, characters } of filesOf(portions)) {
        const path = join(folder, `texts-${files.length + 1}.parquet`);
        await writeFile(connection, path, texts);
        files.push({ path, count: texts.length, characters });
      }
      return files;
    },
    SMALL,
  );
}

async function writeFile(
  connection: DuckDBConnection,
  path: string,
  texts: readonly string[],
): Promise<void> {
  await connection.run('CREATE OR REPLACE TABLE texts (n INTEGER, text VARCHAR)');
  const appender = await connection.createAppender('texts');
  for (const [n, text] of texts.entries()) {
    appender.appendInteger(n);
    appender.appendVarchar(text);
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(`COPY texts TO ${literal(path)} (FORMAT parquet)`);
}

interface FileTexts {
  readonly texts: readonly string[];
  readonly characters: number;
}

/** Portions put together, or taken apart, to the texts of one file each. */
async function* filesOf(portions: AsyncIterable<readonly string[]>): AsyncGenerator<FileTexts> {
  let texts: string[] = [];
  let characters = 0;
  for await (const portion of portions) {
    for (const text of portion) {
      texts.push(text);
      characters += text.length;
      if (characters < FILE_CHARACTERS && texts.length < FILE_TEXTS) continue;
      yield { texts, characters };
      texts = [];
      characters = 0;
    }
  }
  if (texts.length > 0) yield { texts, characters };
}
