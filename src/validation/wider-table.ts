import { trimmed } from '../types/trimmed.ts';
import { ROW_BIT, rowMask } from './bits.ts';
import { unescaped } from './clean-sql.ts';
import type { Scratch } from './scratch.ts';
import type { TypedSource } from './typed-rows.ts';

export interface WiderTable {
  /** Position of its first row, which is its title if it has one. */
  readonly rid: number;
  /** That row as the analyst sees it. */
  readonly row: number;
}

/** Limit on the rows that may be a header: with more of them, none is special. */
const MOST_CANDIDATES = 100;

/**
 * A table with more columns than the one that is read, below it: after a blank row and perhaps a title, a row of
 * different texts fills all columns and at least one more, and so do half of the rows from there on. Null where there
 * is none. Reads only the typed rows, unless rows have values to the right of the last header.
 */
export async function findWiderTable(
  scratch: Scratch,
  { scan, relation }: TypedSource,
): Promise<WiderTable | null> {
  const isWide = `m IS NOT NULL AND ${rowMask} & ${ROW_BIT.extraCell | ROW_BIT.beside} <> 0`;
  const isBlank = `m IS NOT NULL AND ${rowMask} & ${ROW_BIT.blank} <> 0`;
  const footer = `(SELECT min(rid) FROM ${relation} WHERE m IS NOT NULL AND ${rowMask} & ${ROW_BIT.footer} <> 0)`;
  const rows = `(SELECT rid, r, ${isWide} AS wide, ${isBlank} AS blank FROM ${relation} WHERE rid < coalesce(${footer}, rid + 1))`;
  if (scan.form !== 'canonical' || (await scratch.count(`SELECT count(*) FROM ${rows} WHERE wide`)) < 2)
    return null;
  const cell = trimmed(scan.escaped ? unescaped('c') : 'c');
  const breaks = (sign: string) => `len(string_split(array_to_string(cells, ''), ${sign})) - 1`;
  const lines =
    scan.escaped && !scan.kinds
      ? `${breaks("chr(27) || 'n'")} + ${breaks("chr(27) || 'r'")} - (${breaks("chr(27) || 'r' || chr(27) || 'n'")})`
      : '0';
  const kinds = scan.kinds ? `AND regexp_full_match(_kinds, 's+')` : '';
  const records = `(SELECT row_number() OVER () - 1 AS rid, _row, ${lines} AS breaks, texts,
      len(list_filter(texts, lambda c: c <> '')) AS filled,
      len(texts) >= ${scan.width} AND len(list_filter(texts, lambda c: c = '' OR regexp_full_match(c, '[-+]?[0-9.,:/ -]+'))) = 0
        AND len(list_distinct(texts)) = len(texts) ${kinds} AS named
    FROM (SELECT *, list_transform(cells, lambda c: ${cell}) AS texts FROM ${scan.records}))`;
  // A row that begins a new table: a blank row is before it, which the reader has left out or kept.
  const [found] = await scratch.rows<{ rid: string; row: string }>(
    `WITH seen AS (
       SELECT rid, r, wide, blank, named, filled,
         coalesce(lag(blank) OVER w OR r - lag(r) OVER w - lag(breaks) OVER w > 1, false) AS anew
       FROM ${rows} JOIN ${records} USING (rid) WINDOW w AS (ORDER BY rid)),
     begun AS (
       SELECT *, lag(anew AND filled = 1) OVER (ORDER BY rid) AS titled, lag(rid) OVER (ORDER BY rid) AS title,
         lag(r) OVER (ORDER BY rid) AS title_row FROM seen),
     candidates AS (
       SELECT rid, if(anew, rid, title) AS first, if(anew, r, title_row) AS row FROM begun
       WHERE wide AND named AND (anew OR titled) ORDER BY rid LIMIT ${MOST_CANDIDATES})
     SELECT min(c.first) AS rid, min(c.row) AS row FROM candidates c WHERE (
       SELECT count(*) FILTER (s.wide) > 1 AND count(*) FILTER (s.wide) * 2 >= count(*) FILTER (NOT s.blank)
       FROM seen s WHERE s.rid >= c.rid)`,
  );
  return found?.rid == null ? null : { rid: Number(found.rid), row: Number(found.row) };
}
