import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '../../src/domain/limits.ts';
import { DEFAULT_SCHEMAS } from '../../src/domain/schema-names.ts';
import { readZipDirectory } from '../../src/readers/xlsx/zip-directory.ts';
import { filesIn, type Row, type World } from './world.ts';

/** Numbers that are given in the order of the work, and times: what a column that is called so holds. */
const GIVEN = new Map([
  ['_file_id', 'file'],
  ['_load_id', 'load'],
  ['_created_by', 'promotion'],
  ['_updated_by', 'promotion'],
  ['_promotion_id', 'promotion'],
  ['_journal_id', 'journal'],
]);

/** Every row of every table of data, by `schema.table`, whatever the schemas are called in the warehouse. */
export async function tablesOf(world: World, names = DEFAULT_SCHEMAS): Promise<Map<string, Row[]>> {
  const out = new Map<string, Row[]>();
  const words = ['core', 'history', 'mart', 'stage'] as const;
  const listed = await world.queries(
    words.map(
      (word) => `SELECT table_name AS t FROM information_schema.tables
         WHERE table_schema = '${names[word]}' AND table_type = 'BASE TABLE' ORDER BY 1`,
    ),
  );
  const tables = words.flatMap((word, i) => (listed[i] ?? []).map(({ t }) => ({ word, name: String(t) })));
  const rows = await world.queries(
    tables.map(({ word, name }) => `SELECT * FROM "${names[word]}"."${name}"`),
  );
  tables.forEach(({ word, name }, i) => void out.set(`${word}.${name}`, rows[i] ?? []));
  return out;
}

/**
 * The same tables as lines that can be compared: rows in an order of their own, and given numbers as the place in which each
 * first occurs, so that two warehouses agree where their numbers map one to one.
 */
export async function contentOf(world: World, names = DEFAULT_SCHEMAS): Promise<Record<string, string[]>> {
  const content: Record<string, string[]> = {};
  const places = new Map<string, Map<unknown, number>>();
  const placeOf = (kind: string, value: unknown): number => {
    const known = places.get(kind) ?? new Map<unknown, number>();
    places.set(kind, known);
    if (!known.has(value)) known.set(value, known.size + 1);
    return known.get(value) as number;
  };
  for (const [table, rows] of await tablesOf(world, names)) {
    const sorted = rows.map(apart).sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    content[table] = sorted.map(({ text, given }) => {
      const numbers = given.map(([name, value]) =>
        value === null ? `${name} -` : `${name} ${placeOf(GIVEN.get(name) as string, value)}`,
      );
      return [text, ...numbers].join(' ');
    });
  }
  return content;
}

/** What a row says by itself, and the given numbers in it; those of a before-image stand in its text. */
function apart(row: Row): { text: string; given: (readonly [string, unknown])[] } {
  const before = typeof row._before === 'string' ? Object.entries(JSON.parse(row._before) as Row) : [];
  const entries = [...Object.entries(row).filter(([name]) => name !== '_before'), ...before];
  const isGiven = ([name]: readonly [string, unknown]) => GIVEN.has(name);
  return {
    text: JSON.stringify(entries.filter((entry) => !isGiven(entry) && !/_at$/.test(entry[0]))),
    given: entries.filter(isGiven),
  };
}

/** Cleaned and rejected rows and reports: a hash of each file, by its path. */
export async function deliveredFiles(world: World): Promise<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const folder of ['data/stage/cleaned', 'data/stage/rejected', 'data/reports'])
    for (const path of filesIn(world.root, folder)) {
      const full = join(world.root, path);
      out[path] = path.endsWith('.xlsx')
        ? await workbookHash(full)
        : createHash('sha256').update(readFileSync(full)).digest('hex');
    }
  return out;
}

/** Of every part but the one that says when the workbook was made. */
async function workbookHash(path: string): Promise<string> {
  const file = await open(path);
  try {
    const entries = await readZipDirectory(file, (await file.stat()).size, DEFAULT_LIMITS);
    const parts = entries.filter(({ name }) => name !== 'docProps/core.xml');
    return parts.map(({ name, crc }) => `${name} ${crc}`).join('\n');
  } finally {
    await file.close();
  }
}
