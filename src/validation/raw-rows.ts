import { unescaped } from './clean-sql.ts';
import type { RawScan } from './raw-scan.ts';
import type { Scratch } from './scratch.ts';

/**
 * Table `raw(rid, r, kinds, c0 …)`: the raw text of the rows that are rejected or shown. It is read a second time, from
 * the file, so that the million rows nobody asks about need not be kept as text.
 */
export async function keepRawRows(scratch: Scratch, scan: RawScan, shown: readonly number[]): Promise<void> {
  await scratch.run('CREATE TABLE wanted AS SELECT rid FROM rejected');
  for (let at = 0; at < shown.length; at += 10_000) {
    const values = shown.slice(at, at + 10_000).map((rid) => `(${rid}::BIGINT)`);
    await scratch.run(
      `INSERT INTO wanted SELECT rid FROM (VALUES ${values.join(',')}) AS x(rid) ANTI JOIN rejected USING (rid)`,
    );
  }
  const cells = Array.from({ length: scan.width }, (_, i) => {
    const cell = scan.escaped ? unescaped(`c${i}`) : `c${i}`;
    return `${cell} AS c${i}`;
  });
  const row = `${scan.rowOf('rid')} AS r`;
  const kinds = scan.form === 'lines' ? 'NULL::VARCHAR AS kinds' : '_kinds AS kinds';
  // Numbering rows keeps the scan in file order, on one thread.
  await scratch.run(
    `CREATE TABLE raw AS SELECT rid, ${[row, kinds, ...cells].join(', ')}
     FROM (SELECT row_number() OVER () - 1 AS rid, * FROM ${scan.relation}) WHERE rid IN (SELECT rid FROM wanted)`,
  );
}
