import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { citizens, register } from './registers.ts';
import { makeWorld } from './world.ts';

const TEXT = citizens([1, 'Анна Каренина', 10], [2, '一休', 20], [3, 'Łucja', 30]);
const little = Buffer.from(TEXT, 'utf16le');

describe.each([
  ['the low byte first', little],
  ['the high byte first', Buffer.from(little).swap16()],
])('UTF-16 without a byte order mark, %s', (_order, bytes) => {
  it('is the same table for the gate, validate, peek and init', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': bytes }));
    const path = join(world.root, 'data/landed/citizens_2025-06.csv');
    await world.json('run --period 2025-06', 0);
    const names = await world.query('SELECT full_name AS name FROM stage.citizens ORDER BY citizen_id');
    expect(names.map((row) => row.name)).toEqual(['Анна Каренина', '一休', 'Łucja']);
    const peeked = await world.run(['peek', path, '--as', 'csv']);
    expect(peeked.stdout).toBe(TEXT);
    const drafted = makeWorld({ config: 'version: 1\ndatasets: {}\n' });
    await drafted.json(['init', '--from', path], 0);
    drafted.land('citizens_2025-06.csv', bytes);
    await drafted.json('run --period 2025-06', 0);
    expect(await drafted.query('SELECT name FROM stage.citizens ORDER BY citizen_id')).toEqual(names);
  });
});

it('UTF-8 with zero bytes is refused with its line', async () => {
  const world = makeWorld(register({ 'citizens_2025-06.csv': citizens([1, 'A\0d\0a', 10]) }));
  const { message } = await world.json('ingest --period 2025-06', 3);
  expect(message).toMatch(/line 2: .*NUL/);
});
