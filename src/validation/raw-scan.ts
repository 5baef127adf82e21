import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Extract } from '../readers/reader.ts';
import { literal } from '../sql/sql.ts';

/** How an Extract is scanned: a relation with c0 … and, in the canonical form, _row, _n and _kinds. */
export interface RawScan {
  readonly form: 'lines' | 'canonical';
  readonly relation: string;
  readonly width: number;
  /** Cells may hold escapes of the canonical form. */
  readonly escaped: boolean;
  /** Cells have kinds of their own. */
  readonly kinds: boolean;
  /** The same records, in the same order, as lists: `cells`, and in the canonical form `_row` and `_kinds`. */
  readonly records: string;
  /** Row number of a row at 0-based position `rid`. */
  readonly rowOf: (rid: string) => string;
}

/** A text that no cell has: without it, DuckDB would read some text as null. */
const NO_NULL = '\u0001\u0001tidemark\u0001\u0001';

/** A text that divides no cells: a line is read as one cell. */
const NO_DELIMITER = '\u0001\u0002\u0003\u0004';

/**
 * A scan without sniffing, quoting or typing: one guard column more than the width shows a record that is too long.
 * `bigLines` widens the buffers for records of more than DuckDB's 2 MB.
 */
export function scanOf(
  extract: Extract,
  scratch: string,
  kinds: boolean,
  bigLines = false,
  name: string = extract.form,
): RawScan {
  const lines = extract.form === 'lines';
  const columns = [
    ...(lines ? [] : ["'_row': 'BIGINT'", "'_n': 'INTEGER'", "'_kinds': 'VARCHAR'"]),
    ...Array.from({ length: extract.width + (lines ? 1 : 0) }, (_, i) => `'c${i}': 'VARCHAR'`),
  ];
  const options = [
    literal(linked(extract.path, scratch, name)),
    'header = false',
    `skip = ${lines ? extract.skip : 0}`,
    'auto_detect = false',
    "quote = ''",
    "escape = ''",
    `new_line = '${lines && extract.newline === '\r\n' ? '\\r\\n' : '\\n'}'`,
    `nullstr = ${literal(NO_NULL)}`,
    ...(bigLines ? ['max_line_size = 134217728', 'buffer_size = 268435456'] : []),
  ];
  const delimiter = lines ? literal(extract.delimiter) : 'chr(31)';
  const scanned = (delim: string, padded: boolean, names: readonly string[]) =>
    `read_csv(${[...options, `delim = ${delim}`, ...(padded ? ['null_padding = true'] : []), `columns = {${names.join(', ')}}`].join(', ')})`;
  const whole = scanned(literal(NO_DELIMITER), true, ["'line': 'VARCHAR'", "'more': 'VARCHAR'"]);
  const parts = `string_split(CASE WHEN more IS NULL THEN line ELSE line || ${literal(NO_DELIMITER)} || more END, ${delimiter})`;
  return {
    form: extract.form,
    relation: scanned(delimiter, lines, columns),
    records: lines
      ? `(SELECT ${parts} AS cells FROM ${whole})`
      : `(SELECT p[1]::BIGINT AS _row, p[3] AS _kinds, p[4:] AS cells FROM (SELECT ${parts} AS p FROM ${whole}))`,
    width: extract.width,
    escaped: !lines && extract.escaped,
    kinds,
    rowOf: (rid) => (lines ? `(${rid} + ${extract.firstRow})` : '_row'),
  };
}

/**
 * DuckDB takes `[`, `*` and `?` in a path for a pattern, so the file is read through a link with a plain name in the
 * scratch folder.
 */
function linked(path: string, scratch: string, name: string): string {
  const link = join(scratch, `raw-${name}.txt`);
  try {
    symlinkSync(resolve(path), link);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return link;
}
