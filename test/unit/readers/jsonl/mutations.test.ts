import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';
import { TidemarkError } from '../../../../src/errors/tidemark-error.ts';
import { openJsonl } from '../../../../src/readers/jsonl/open-jsonl.ts';
import type { RawRow } from '../../../../src/readers/reader.ts';
import { sequence } from '../text/mutate-text.ts';

/** More of them: TIDEMARK_FUZZ=10000 npx vitest run --project unit test/unit/readers/jsonl/mutations.test.ts */
const COUNT = Number(process.env.TIDEMARK_FUZZ ?? 300);
const FIRST = Number(process.env.TIDEMARK_FUZZ_FROM ?? 1);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jsonl-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const VALUES = [
  ...[
    '"Zoë"',
    '"a\\nb"',
    '"\\u00e9 \\ud83d\\ude00"',
    '""',
    'null',
    'true',
    'false',
    '0',
    '-1.50',
    '1e5',
    '12345678901234567890',
  ],
  ...['[1, {"a": "]"}]', '{"x": [true, "}"]}', '"quote \\" comma, brace }"', '"\\\\"'],
];
const STRAY = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\n',
  '\r',
  '\0',
  ' ',
  '\ufeff',
  'é',
  '1',
  'null',
  '\t',
];

function mutated(seed: number): Buffer {
  const random = sequence(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const lines = Array.from({ length: 1 + Math.floor(random() * 6) }, (_, i) => {
    const members = ['id', 'name', '__proto__', 'note'].map(
      (key) => `"${key}": ${key === 'id' ? i : pick(VALUES)}`,
    );
    return `{${members.slice(0, 1 + Math.floor(random() * 4)).join(pick([',', ' , ']))}}`;
  });
  let bytes = Buffer.from((random() < 0.2 ? '\ufeff' : '') + lines.join(pick(['\n', '\r\n', '\n\n'])));
  for (let n = Math.floor(random() * 3); n > 0; n--) {
    const at = Math.floor(random() * bytes.length);
    const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
    const mishap = pick(['cut', 'stray', 'stray', 'lost', 'flipped']);
    if (mishap === 'cut') bytes = Buffer.from(head);
    if (mishap === 'stray') bytes = Buffer.concat([head, Buffer.from(pick(STRAY)), tail]);
    if (mishap === 'lost') bytes = Buffer.concat([head, tail.subarray(1 + Math.floor(random() * 5))]);
    if (mishap === 'flipped' && at < bytes.length)
      bytes[at] = (bytes[at] as number) ^ (1 << Math.floor(random() * 8));
  }
  return bytes;
}

/** The objects as JSON.parse has them, by line; null where some line is none. */
function parsed(bytes: Buffer): Map<number, Record<string, unknown>> | null {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
  const objects = new Map<number, Record<string, unknown>>();
  for (const [i, line] of text
    .replace(/\x1a+$/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    try {
      const value = JSON.parse(line);
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
      objects.set(i + 1, value);
    } catch {
      return null;
    }
  }
  return objects;
}

const isRows = (outcome: unknown): outcome is readonly RawRow[] => Array.isArray(outcome);

/** What a cell's text means, as JSON would have it. */
function meant(text: string, kind: string): unknown {
  if (kind === '_') return null;
  if (kind === 'l') return text === 'TRUE';
  return kind === 'w' ? Number(text) : text;
}
const wanted = (value: unknown): unknown =>
  value === '' || value === undefined ? null : typeof value === 'object' && value !== null ? 'nested' : value;

test(`${COUNT} files of JSON lines gone wrong end in exact rows or a refusal for cause`, async () => {
  const path = join(folder, 'a.jsonl');
  let refused = 0;
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const bytes = mutated(seed);
    if (bytes.length === 0) continue;
    writeFileSync(path, bytes);
    const rows: unknown = await (async () => {
      const source = await openJsonl(path, DEFAULT_LIMITS);
      const all: RawRow[] = [];
      for await (const row of source.rows({ name: null, index: 1, visible: true })) all.push(row);
      return all;
    })().catch((error: unknown) => error);
    const objects = parsed(bytes);
    if (!isRows(rows)) {
      refused++;
      if (!(rows instanceof TidemarkError)) throw rows;
      expect(rows.code, `seed ${seed}`).toBe('file-unreadable');
      if (!/UTF-8|UTF-16/.test(rows.message)) expect(objects, `seed ${seed}`).toBeNull();
      continue;
    }
    const keys = rows[0]?.cells.map(({ text }) => text) ?? [];
    expect(
      rows.slice(1).map(({ row }) => row),
      `seed ${seed}`,
    ).toEqual([...(objects?.keys() ?? [])]);
    for (const { row, cells } of rows.slice(1)) {
      const object = objects?.get(row) ?? {};
      const values = keys.map((key) => wanted(Object.hasOwn(object, key) ? object[key] : undefined));
      // JSON.parse keeps the last of two members with one name without a word.
      for (const [i, { kind }] of cells.entries()) if (kind === 'e') values[i] = 'twice';
      const found = cells.map(({ text, kind }, i) =>
        kind === 'e' ? 'twice' : values[i] === 'nested' ? wanted(JSON.parse(text)) : meant(text, kind),
      );
      expect(found, `seed ${seed}, line ${row}`).toEqual(values);
    }
  }
  expect(refused).toBeGreaterThan(COUNT / 10);
  expect(refused).toBeLessThan(COUNT * 0.9);
}, 3_600_000);
