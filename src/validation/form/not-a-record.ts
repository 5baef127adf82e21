import type { FindingEntry } from '../../checks/finding-entry.ts';
import type { Rule } from '../../checks/rule.ts';
import { wordsOf } from '../../checks/wording.ts';
import { noteWord, totalWords } from '../../domain/total-words.ts';
import { trimmed } from '../../types/trimmed.ts';
import { unescaped } from '../clean-sql.ts';
import { MESSAGES } from '../messages.ts';
import type { SourceEnv } from '../source-env.ts';

export const entries: readonly FindingEntry[] = [
  {
    code: 'looks-like-total',
    title: 'A row looks like a total, not like data',
    meaning:
      'A row that would be rejected for cells that are blank or of the wrong type begins with a word such as Total. It is reported once, as a row, and not cell by cell.',
    example: "'Total', four blank cells and 18,220.50 in row 115.",
    cure: 'Delete the row, or leave such rows out with `source.footer` or `source.skip`.',
  },
  {
    code: 'looks-like-note',
    title: 'A row looks like a note, not like data',
    meaning:
      'A row that would be rejected holds a text such as a source or a remark and next to nothing else. It is reported once, as a row.',
    example: "'Source: register of 3 July' in row 117, and nothing beside it.",
    cure: 'Delete the row, or leave such rows out with `source.footer` or `source.skip`.',
  },
];

/** Limit on the rows that are examined: a file with more such rows has another problem. */
const LOOKED_AT = 10_000;
/** With this many words a text is a sentence, not an identifier. */
const SENTENCE = 3;
const TEXT_LENGTH = 100;

interface Start {
  readonly rid: string;
  readonly text: string;
  /** 1-based column of the file. */
  readonly place: number;
  readonly filled: number;
  readonly needed: number;
}

type Kind = 'looks-like-total' | 'looks-like-note';

/**
 * Among rows that are rejected for blank cells or cells of another type, finds totals and notes, and reports each as
 * one finding: the row has to be deleted, its cells must not be filled in.
 */
export async function checkNotARecord(env: SourceEnv): Promise<void> {
  const rules = env.faults.broken().filter(isOfCells);
  if (rules.length === 0) return;
  const byRow = await faultsByRow(env, rules);
  if (byRow.size === 0) return;
  const kinds = new Map<Kind, string[]>();
  for (const start of await starts(env)) {
    const kind = kindOf(env, start, byRow.get(start.rid) ?? []);
    if (kind !== null) kinds.set(kind, [...(kinds.get(kind) ?? []), start.rid]);
  }
  for (const [kind, rids] of kinds) {
    const rows = `SELECT unnest([${rids.join(', ')}])::BIGINT AS rid`;
    await env.faults.drop(rows);
    await env.faults.add(
      { name: kind, severity: 'error', columns: [], ...wordsOf(MESSAGES[kind], {}) },
      rows,
    );
  }
}

function isOfCells({ severity, code, name }: Rule): boolean {
  if (severity !== 'error') return false;
  if (code === 'constraint-error') return name === 'required';
  return (
    ['type-error', 'missing-cell', 'required-when'].includes(code) ||
    (code === 'primary-key' && name.startsWith('missing '))
  );
}

async function faultsByRow(env: SourceEnv, rules: readonly Rule[]): Promise<Map<string, readonly Rule[]>> {
  const rows = `SELECT rid, list(rule) AS rules FROM ${env.faults.relation} WHERE rule IN (${rules.map(({ id }) => id).join(', ')}) GROUP BY rid`;
  await env.engine.run(`CREATE OR REPLACE TEMP TABLE in_doubt AS ${rows} ORDER BY rid LIMIT ${LOOKED_AT}`);
  const found = await env.engine.rows<{ rid: string; rules: (string | number)[] }>(
    'SELECT rid::VARCHAR AS rid, rules FROM in_doubt',
  );
  return new Map(
    found.map((row) => [row.rid, row.rules.map((id) => env.faults.rules.get(Number(id)))] as const),
  );
}

/** The start of each row in doubt. */
async function starts(env: SourceEnv): Promise<readonly Start[]> {
  const { scan } = env;
  const text = (cell: string) => `coalesce(${trimmed(scan.escaped ? unescaped(cell) : cell)}, '')`;
  const needed = neededSources(env).map((source) => `(${text(`cells[${source + 1}]`)} <> '')::INTEGER`);
  const place = `list_position(list_transform(cells, lambda c: ${text('c')} <> ''), true)`;
  // Numbering rows keeps the scan in file order, on one thread.
  return env.engine.rows<Start>(
    `SELECT rid::VARCHAR AS rid, left(${text('cells[place]')}, ${TEXT_LENGTH}) AS text, place,
       len(list_filter(cells, lambda c: ${text('c')} <> '')) AS filled, ${needed.join(' + ') || '0'} AS needed
     FROM (SELECT rid, cells, ${place} AS place
       FROM (SELECT row_number() OVER () - 1 AS rid, cells FROM ${scan.records}) WHERE rid IN (SELECT rid FROM in_doubt))
     WHERE place IS NOT NULL`,
  );
}

/** Columns of the file that need a value in every row. */
function neededSources({ dataset, plan }: SourceEnv): number[] {
  return plan.flatMap(({ name, field, source }) =>
    source !== null && (field.constraints.required || dataset.primaryKey.includes(name)) ? [source] : [],
  );
}

/**
 * The word alone does not make a total, because Total is also a company. The cell with the word must be wrong for its
 * column, or half of the other cells that need a value must be blank.
 */
function kindOf(env: SourceEnv, start: Start, faults: readonly Rule[]): Kind | null {
  const { text } = start;
  const [place, filled] = [Number(start.place), Number(start.filled)];
  const isWrong = faults.some(
    ({ code, columns }) => code === 'type-error' && columns[0]?.source === place - 1,
  );
  const isShort = faults.some(({ code }) => code === 'missing-cell');
  const needed = neededSources(env);
  const others = needed.filter((source) => source !== place - 1).length;
  const blank = needed.length - Number(start.needed);
  const isSparse = (blank > 0 && blank * 2 >= others) || isShort;
  if (totalWords(text) !== null && (isWrong || isSparse)) return 'looks-like-total';
  if (noteWord(text) !== null && filled <= 2 && (isWrong || isSparse)) return 'looks-like-note';
  const isSentence = /\p{L}/u.test(text) && text.split(/\s+/).length >= SENTENCE;
  return filled === 1 && isSentence && (isWrong || isSparse) ? 'looks-like-note' : null;
}
