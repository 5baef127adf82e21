import { raw, type Sql, sql } from '../sql/sql.ts';

/** What a load put into stage: cleaned rows, known by the bytes of their file, with corrections laid over them. */
export interface Content {
  readonly parquetSha256: string;
  /** Null where there are no corrections. */
  readonly correctionsFingerprint: string | null;
}

/** The one fingerprint of a content: equal where the same rows were put into stage, whichever delivery or load did it. */
export function contentFingerprint(content: Content): readonly [string, string | null] {
  return [content.parquetSha256, content.correctionsFingerprint];
}

/** Whether two contents are the same rows. */
export function sameContent(one: Content, two: Content): boolean {
  return JSON.stringify(contentFingerprint(one)) === JSON.stringify(contentFingerprint(two));
}

/** The condition that a row of meta.load_log (`alias`) has a content, as part of a statement. */
export function hasContent(alias: string, { parquetSha256, correctionsFingerprint }: Content): Sql {
  return sql`${raw(alias)}.parquet_sha256 = ${parquetSha256}
    AND ${raw(alias)}.corrections_fingerprint IS NOT DISTINCT FROM CAST(${correctionsFingerprint} AS VARCHAR)`;
}

/** The condition that two rows of meta.load_log have the same content, as part of a statement. */
export function haveSameContent(one: string, two: string): Sql {
  return sql`${raw(one)}.parquet_sha256 = ${raw(two)}.parquet_sha256
    AND ${raw(one)}.corrections_fingerprint IS NOT DISTINCT FROM ${raw(two)}.corrections_fingerprint`;
}
