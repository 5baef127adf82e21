import type { RecordsDataset } from '../domain/dataset.ts';
import { ident, literal, raw, sql } from '../sql/sql.ts';
import { recordsSequence, recordsTable } from '../warehouse/migrate/records-table.ts';
import type { TextFile } from '../warehouse/parquet/write-texts.ts';
import type { AppendColumn, Session } from '../warehouse/warehouse.ts';

/** For the pages of an embedded warehouse; with all that this process has besides, a million records take 340 MB. */
const MEMORY_MB = 128;
/** The engine commits so many rows as one piece, which must be in memory as a whole, in a few copies. */
const ROWS_AT_ONCE = 2048;
const BYTES_PER_CHARACTER = 8;
/** Records that need more are left to the engine's own limit. */
const MOST_MEMORY_MB = 1024;

/** What every record of a call has in common. */
export interface RecordMarks {
  readonly run: string;
  readonly actor: string;
  readonly interaction: string | null;
  readonly batchId: string;
}

/** The numbers of the records of a call: the first and the last; on a server others may have some in between. */
export interface NumbersTaken {
  readonly first: number;
  readonly last: number;
}

/**
 * Appends records to the staging table of their dataset, with numbers that ascend in their order. There is at least one
 * record, and the transaction has written none before.
 */
export async function storeRecords(
  tx: Session,
  dataset: RecordsDataset,
  marks: RecordMarks,
  files: readonly TextFile[],
): Promise<NumbersTaken> {
  const constants = Object.entries({
    ...{ run_id: marks.run, actor: marks.actor, interaction: marks.interaction, batch_id: marks.batchId },
  }).map(([name, value]): AppendColumn => ({ name, from: 'constant', value }));
  const columns: AppendColumn[] = [...constants, { name: 'raw_data', from: 'parquet', source: 'text' }];
  const memoryMb = memoryFor(files);
  if (memoryMb !== undefined) await tx.boundMemory(memoryMb);
  if (tx.capabilities.identityColumns) {
    const before = await newestNumber(tx, dataset);
    for (const { path } of files) await tx.appendParquet(recordsTable(dataset), path, columns);
    return numbersAfter(tx, dataset, marks, before);
  }
  // Several threads insert here, so a default would number the records in any order.
  const numbers = await reserve(tx, dataset, files);
  let plus = numbers.first;
  for (const { path, count } of files) {
    const number: AppendColumn = { name: 'staging_id', from: 'parquet', source: 'n', plus };
    await tx.appendParquet(recordsTable(dataset), path, [number, ...columns]);
    plus += count;
  }
  return numbers;
}

function memoryFor(files: readonly TextFile[]): number | undefined {
  const longest = files.reduce((most, { characters, count }) => Math.max(most, characters / count), 0);
  const needed = Math.ceil((longest * ROWS_AT_ONCE * BYTES_PER_CHARACTER) / 2 ** 20);
  return needed > MOST_MEMORY_MB ? undefined : Math.max(MEMORY_MB, needed);
}

/** Numbers in a row: whoever writes the table holds its file, or the lock of its submits, alone. */
async function reserve(
  tx: Session,
  dataset: RecordsDataset,
  files: readonly TextFile[],
): Promise<NumbersTaken> {
  const count = files.reduce((sum, file) => sum + file.count, 0);
  const next = raw(`nextval(${literal(recordsSequence(dataset))})`);
  const [row] = await tx.query<{ first: number; last: number }>(
    sql`SELECT min(id) AS first, max(id) AS last FROM (SELECT ${next} AS id FROM range(${count}))`,
  );
  return row as NumbersTaken;
}

async function newestNumber(tx: Session, dataset: RecordsDataset): Promise<number> {
  const { schema, name } = recordsTable(dataset);
  const [row] = await tx.query<{ id: number | null }>(
    sql`SELECT max(staging_id) AS id FROM ${ident(schema, name)}`,
  );
  return row?.id ?? 0;
}

/** Of the rows of this snapshot only our own are newer than those that it began with. */
async function numbersAfter(
  tx: Session,
  dataset: RecordsDataset,
  marks: RecordMarks,
  before: number,
): Promise<NumbersTaken> {
  const { schema, name } = recordsTable(dataset);
  const [row] = await tx.query<{ first: number; last: number }>(
    sql`SELECT min(staging_id) AS first, max(staging_id) AS last FROM ${ident(schema, name)}
        WHERE staging_id > ${before} AND run_id = ${marks.run} AND batch_id = ${marks.batchId}`,
  );
  return row as NumbersTaken;
}
