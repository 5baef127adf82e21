import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENGINES } from './empty-warehouses.ts';
import { RecordsWorld } from './records-world.ts';

const CONFIG = `version: 1
datasets:
  rooms:
    period: none
    source: {records: {}}
    schema: {primaryKey: name, fields: [{name: name}]}
  seats:
    period: none
    source: {records: {}}
    schema:
      fields: [{name: person}, {name: room}, {name: seat, type: integer}, {name: note}]
      primaryKey: [person]
      foreignKeys: [{fields: room, reference: {dataset: rooms, fields: name}}]
    checks:
      - {unique: {fields: [room, seat]}}
    core: {key: [person], strategy: upsert, on_duplicate: update}
`;

describe.each(ENGINES)('values that may occur once, of records that change rows, on %s', (_, engine) => {
  let world: RecordsWorld;
  beforeAll(async () => {
    await engine.start();
    world = await RecordsWorld.open(engine, CONFIG);
  });
  beforeEach(async () => {
    await world.reset();
    await world.insert('rooms', 'r', { name: 'A' }, { name: 'B' });
    await world.counts('rooms');
  });
  afterAll(async () => {
    await world.close();
    await engine.stop();
  });

  const sits = (person: string, seat: number, more: object = {}) => ({ person, room: 'A', seat, ...more });
  const take = async (...records: readonly object[]) => {
    await world.insert('seats', 'r', ...records);
    return world.counts('seats');
  };

  it('are looked for in the batch and in core, several fields together', async () => {
    expect(
      await take(sits('Ada', 1), sits('Bo', 2), sits('Cy', 2), sits('Di', 1, { room: 'B' })),
    ).toMatchObject({
      ...{ promoted: 2, failed: 2 },
    });
    expect(await take(sits('Eve', 1), sits('Flo', 2), sits('Gus', 1, { room: null }))).toMatchObject({
      ...{ promoted: 2, failed: 1 },
    });
    expect(await world.core('seats', 'person')).toEqual(
      ['Ada', 'Di', 'Flo', 'Gus'].map((person) => ({ person })),
    );
  });

  it('are those of the rows as they will be: a record without them has those of its row', async () => {
    await take(sits('Ada', 1), sits('Bo', 2));
    expect(await take({ person: 'Ada', note: 'left handed' })).toMatchObject({ promoted: 1, failed: 0 });
    expect(await take({ person: 'Bo', seat: 1 })).toMatchObject({ promoted: 0, failed: 1 });
    expect(await take({ person: 'Bo', seat: 3 }, sits('Cy', 2))).toMatchObject({ promoted: 2, failed: 0 });
    expect(await world.core('seats', 'person', 'seat')).toEqual([
      { person: 'Ada', seat: 1 },
      { person: 'Bo', seat: 3 },
      { person: 'Cy', seat: 2 },
    ]);
  });

  it('stay taken by a row whose new record is bad', async () => {
    await take(sits('Ada', 1));
    expect(await take(sits('Ada', 2, { room: 'nowhere' }), sits('Bo', 1))).toMatchObject({
      promoted: 0,
      failed: 2,
    });
    // The one that names no room is judged again, and fails again.
    expect(await take(sits('Ada', 2), sits('Cy', 1))).toMatchObject({ promoted: 2, failed: 1 });
  });

  it('can change places between two rows of one batch', async () => {
    await take(sits('Ada', 1), sits('Bo', 2));
    expect(await take(sits('Ada', 2), sits('Bo', 1))).toEqual({
      promoted: 2,
      duplicate: 0,
      failed: 0,
      waiting: 0,
    });
  });
});
