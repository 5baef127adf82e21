import type { RawRow, SheetInfo, Source } from '../../../src/readers/reader.ts';

export type Table = readonly (readonly string[])[];
export type Sheets = readonly {
  readonly name: string;
  readonly visible?: boolean;
  readonly missing?: true;
  readonly rows: Table;
}[];

function rowsOf(table: Table): RawRow[] {
  return table.flatMap((cells, i) =>
    cells.some((text) => text !== '')
      ? [{ row: i + 1, cells: cells.map((text) => ({ text, kind: text === '' ? '_' : 's' }) as const) }]
      : [],
  );
}

/** Sheets of texts, of which the gate can read the head. */
export function sourceOf(sheets: Sheets, format: Source['format'] = 'xlsx'): Source {
  const infos: SheetInfo[] = sheets.map(({ name, visible, missing }, i) => ({
    name: format === 'xlsx' ? name : null,
    index: i + 1,
    visible: visible ?? true,
    ...(missing ? { missing } : {}),
  }));
  return {
    format,
    sheets: async () => infos,
    head: async (sheet, count) => rowsOf(sheets[sheet.index - 1]?.rows ?? []).slice(0, count),
    rows: () => {
      throw new Error('the gate reads the head alone');
    },
    extract: () => {
      throw new Error('the gate reads the head alone');
    },
    close: async () => {},
  };
}
