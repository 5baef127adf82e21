import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Extract } from '../readers/reader.ts';
import { literal } from '../warehouse/sql.ts';

/** How an Extract is scanned: a relation with c0 … and, in the canonical form, _row, _n and _kinds. */
export interface RawScan {
  readonly form: 'lines' | 'canonical';
  readonly relation: string;
  readonly width: number;
  /** Cells may hold escapes of the canonical form. */
  readonly escaped: boolean;
  /** Cells have kinds of their own. */
  readonly kinds: boolean;
  /** Row number of a row at 0-based position `rid`. */
  readonly rowOf: (rid: string) => string;
}

/** Text that no cell is: without it, DuckDB would take some text for null. */
const NO_NULL = '\u0001\u0001tidemark\u0001\u0001';

/**
 * A scan without sniffing, quoting or typing: one guard column more than the width shows a record that is too long.
 * `bigLines` widens the buffers for records past DuckDB's 2 MB.
 */
export function scanOf(extract: Extract, scratch: string, kinds: boolean, bigLines = false): RawScan {
  const lines = extract.form === 'lines';
  const columns = [
    ...(lines ? [] : ["'_row': 'BIGINT'", "'_n': 'INTEGER'", "'_kinds': 'VARCHAR'"]),
    ...Array.from({ length: extract.width + (lines ? 1 : 0) }, (_, i) => `'c${i}': 'VARCHAR'`),
  ];
  const options = [
    literal(linked(extract.path, scratch, extract.form)),
    'header = false',
    `skip = ${lines ? extract.skip : 0}`,
    'auto_detect = false',
    `delim = ${lines ? literal(extract.delimiter) : 'chr(31)'}`,
    "quote = ''",
    "escape = ''",
    `new_line = '${lines && extract.newline === '\r\n' ? '\\r\\n' : '\\n'}'`,
    `nullstr = ${literal(NO_NULL)}`,
    ...(lines ? ['null_padding = true'] : []),
    ...(bigLines ? ['max_line_size = 134217728', 'buffer_size = 268435456'] : []),
    `columns = {${columns.join(', ')}}`,
  ];
  return {
    form: extract.form,
    relation: `read_csv(${options.join(', ')})`,
    width: extract.width,
    escaped: !lines && extract.escaped,
    kinds,
    rowOf: (rid) => (lines ? `(${rid} + ${extract.firstRow})` : '_row'),
  };
}

/** DuckDB takes `[`, `*` and `?` in a path for a pattern: it reads through a link with a plain name in the scratch folder. */
function linked(path: string, scratch: string, name: string): string {
  const link = join(scratch, `raw-${name}.txt`);
  try {
    symlinkSync(resolve(path), link);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return link;
}
