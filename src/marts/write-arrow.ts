import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import {
  Bool,
  type Data,
  type DataType,
  DateDay,
  Decimal,
  Field,
  Float64,
  Int16,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  TimeMicrosecond,
  TimestampMicrosecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { FILE_MODE } from '../lake/atomic-write.ts';
import type { ExportCell, ExportColumn, ParquetScan } from './parquet-scan.ts';

/** How the cells of a column become values of an Arrow type. */
interface ArrowColumn {
  readonly type: DataType;
  readonly value: (cell: NonNullable<ExportCell>) => unknown;
}

/** Writes an Arrow IPC file, one record batch per chunk. */
export async function writeArrow(scan: ParquetScan, path: string): Promise<void> {
  const columns = scan.columns.map(arrowColumn);
  const schema = new Schema(
    scan.columns.map(({ name }, i) => new Field(name, (columns[i] as ArrowColumn).type, true)),
  );
  const writer = new RecordBatchFileWriter();
  const written = pipeline(Readable.from(writer), createWriteStream(path, { mode: FILE_MODE, flags: 'wx' }));
  // An error of the disk rejects `written`, which is awaited below; without a listener in the meantime Node would end
  // the process.
  written.catch(() => {});
  try {
    writer.reset(undefined, schema);
    for await (const chunk of scan.chunks()) {
      writer.write(batchOf(schema, columns, chunk));
      await turn();
    }
    writer.finish();
  } finally {
    writer.close();
  }
  await written;
}

function batchOf(
  schema: Schema,
  columns: readonly ArrowColumn[],
  rows: readonly ExportCell[][],
): RecordBatch {
  const children = columns.map(({ type, value }, i) => {
    const cells = rows.map((row) => {
      const cell = row[i] ?? null;
      return cell === null ? null : value(cell);
    });
    return type instanceof TimestampMicrosecond
      ? timestamps(type, cells as (bigint | null)[])
      : vectorFromArray(cells, type).data[0];
  });
  const type = new Struct(schema.fields);
  const data = makeData({ type, length: rows.length, nullCount: 0, children: children as never[] });
  return new RecordBatch(schema, data as never);
}

function arrowColumn({ type }: ExportColumn): ArrowColumn {
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type);
  if (decimal !== null) {
    const scale = Number(decimal[2]);
    return { type: new Decimal(scale, Number(decimal[1]), 128), value: (cell) => decimalWords(String(cell)) };
  }
  if (type === 'HUGEINT')
    return { type: new Decimal(0, 38, 128), value: (cell) => decimalWords(String(cell)) };
  if (type === 'BIGINT') return { type: new Int64(), value: (cell) => BigInt(cell as string) };
  if (type === 'INTEGER') return { type: new Int32(), value: Number };
  if (type === 'SMALLINT' || type === 'TINYINT') return { type: new Int16(), value: Number };
  if (type === 'DOUBLE' || type === 'FLOAT') return { type: new Float64(), value: Number };
  if (type === 'BOOLEAN') return { type: new Bool(), value: (cell) => cell };
  if (type === 'DATE') return { type: new DateDay(), value: (cell) => new Date(`${cell}T00:00:00Z`) };
  if (type === 'TIMESTAMP') {
    return { type: new TimestampMicrosecond(), value: (cell) => epochMicroseconds(String(cell)) };
  }
  if (type === 'TIME') return { type: new TimeMicrosecond(), value: (cell) => microseconds(String(cell)) };
  return { type: new Utf8(), value: String };
}

/** The library's own function for such a column takes milliseconds, and cuts off smaller fractions. */
function timestamps(
  type: TimestampMicrosecond,
  cells: readonly (bigint | null)[],
): Data<TimestampMicrosecond> {
  const valid = new Uint8Array(Math.ceil(cells.length / 64) * 8);
  for (const [i, cell] of cells.entries()) if (cell !== null) valid[i >> 3]! |= 1 << (i & 7);
  return makeData({
    type,
    length: cells.length,
    nullCount: cells.filter((cell) => cell === null).length,
    nullBitmap: valid,
    data: BigInt64Array.from(cells, (cell) => cell ?? 0n),
  });
}

/** Microseconds since 1970 of `2025-06-30 23:59:59.123456`. */
function epochMicroseconds(text: string): bigint {
  const [seconds = '', fraction = ''] = text.split('.');
  const whole = BigInt(Date.parse(`${seconds.replace(' ', 'T')}Z`)) * 1000n;
  return whole + BigInt(fraction.padEnd(6, '0').slice(0, 6));
}

/** The unscaled value as the four little-endian words of a 128-bit integer. */
function decimalWords(text: string): Uint32Array {
  const value = BigInt.asUintN(128, BigInt(text.replace('.', '')));
  const words = [0n, 32n, 64n, 96n].map((shift) => Number((value >> shift) & 0xffffffffn));
  return Uint32Array.from(words);
}

function microseconds(text: string): bigint {
  const [hours = '0', minutes = '0', seconds = '0'] = text.split(':');
  const [whole = '0', fraction = ''] = seconds.split('.');
  const total = (Number(hours) * 60 + Number(minutes)) * 60 + Number(whole);
  return BigInt(total) * 1_000_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
}
