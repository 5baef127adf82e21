import { createHash } from 'node:crypto';
import { ident, join, raw, type Sql, sql } from '../../sql/sql.ts';
import { canonicalText } from './canonical-text.ts';
import type { Delta } from './delta.ts';

/**
 * SHA-256 over what identifies the compared content and over every change: its kind, its key, and for each cell that
 * differs the values before and after. The order of rows, the engine, the sample and the tolerance make no difference.
 */
export async function changeFingerprint(delta: Delta, identity: unknown): Promise<string> {
  const rows = sql`SELECT md5(${rowText(delta)}) AS h FROM ${delta.table} AS d`;
  // Hashes are collected by their first digits, so that no text grows with the table as a whole.
  const buckets = await delta.session.query<{ bucket: string; rows: number; digest: string }>(
    sql`SELECT substr(q.h, 1, 2) AS bucket, count(*) AS "rows", md5(string_agg(q.h, '' ORDER BY q.h)) AS digest
        FROM (${rows}) AS q GROUP BY 1`,
  );
  const digests = buckets.map(({ bucket, rows, digest }) => `${bucket}:${rows}:${digest}`).sort();
  const names = [delta.key.map((column) => column.name), delta.columns.map((column) => column.name)];
  return sha256(JSON.stringify(['tidemark.diff.v1', identity, names, digests]));
}

/** One fingerprint for several comparisons, whatever their order. */
export function combinedFingerprint(fingerprints: readonly string[]): string {
  const [only] = fingerprints;
  if (fingerprints.length === 1 && only !== undefined) return only;
  return sha256(JSON.stringify(['tidemark.diffs.v1', [...fingerprints].sort()]));
}

function rowText({ key, columns }: Delta): Sql {
  const keys = key.map(({ type }, i) => framed(ident('d', `k${i}`), type));
  const cells = columns.map(({ type, index }) => {
    const [before, after] = [ident('d', `b${index}`), ident('d', `a${index}`)];
    return sql`CASE WHEN d._op <> 'shadowed' AND ${before} IS DISTINCT FROM ${after}
      THEN concat(${raw(`'|${index}='`)}, ${framed(before, type)}, ${framed(after, type)}) ELSE '' END`;
  });
  // A change within the tolerance is still a change.
  const op = sql`CASE WHEN d._op IN ('tolerated', 'reverted') THEN 'modified' ELSE d._op END || '|'`;
  return joined([op, ...keys, ...cells]);
}

/** Arguments of one call: engines accept a hundred, or a few more. */
const ARGUMENTS = 50;

/** Texts, none of them null, one after the other; a chain of `||` would copy the text once for every column. */
function joined(texts: readonly Sql[]): Sql {
  const calls: Sql[] = [];
  for (let i = 0; i < texts.length; i += ARGUMENTS)
    calls.push(sql`concat(${join(texts.slice(i, i + ARGUMENTS))})`);
  return join(calls, ' || ');
}

/**
 * Escaped and with an end mark, so that two neighbouring values can be read in one way only, and null differs from
 * every text.
 */
function framed(value: Sql, type: string): Sql {
  const text = canonicalText(value, type);
  const escaped = /^(VARCHAR|JSON)/.test(type) ? sql`replace(${text}, '|', '|p')` : text;
  return sql`COALESCE(${escaped} || '|;', '|n')`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
