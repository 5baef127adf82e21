import type { FieldDef, QueryArrayResult } from 'pg';
import { compactJson, exactInteger, isoTimestamp, rowsOf, trimFraction } from '../rows.ts';
import type { Cell } from '../warehouse.ts';

export function readRows<R extends object>(result: QueryArrayResult<(string | null)[]>): R[] {
  const readers = result.fields.map(readerOf);
  const cells = result.rows.map((row) =>
    row.map((text, i) => (text === null ? null : (readers[i] as Reader)(text))),
  );
  return rowsOf<R>(
    result.fields.map((field) => field.name),
    cells,
  );
}

type Reader = (text: string) => Cell;

/** Object ids of types, as every PostgreSQL server numbers them. */
const OID = {
  bool: 16,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  json: 114,
  float4: 700,
  float8: 701,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
  jsonb: 3802,
} as const;

function readerOf(field: FieldDef): Reader {
  switch (field.dataTypeID) {
    case OID.bool:
      return (text) => text === 't';
    case OID.int2:
    case OID.int4:
    case OID.oid:
    case OID.float4:
    case OID.float8:
      return Number;
    case OID.int8:
      return (text) => exactInteger(BigInt(text));
    case OID.numeric:
      // A sum of BIGINT is a numeric without a scale; the other engine has whole numbers wide enough.
      return field.dataTypeModifier === -1
        ? (text) => (/^-?\d+$/.test(text) ? exactInteger(BigInt(text)) : text)
        : (text) => text;
    case OID.timestamp:
    case OID.timestamptz:
      return isoTimestamp;
    case OID.time:
      return trimFraction;
    case OID.json:
    case OID.jsonb:
      return compactJson;
    default:
      return (text) => text;
  }
}
