import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { POSTINGS } from './postings.ts';
import { ENGINES, emptyDatabase, makeWorld, migratedWorld } from './world.ts';

const MODEL = 'SELECT * FROM stage.postings_records\n';
const SAID =
  "models/core/postings.sql:1: dataset 'postings' takes records, and these have no core model: their fields are the columns of core.";

describe('config check of datasets that take records', () => {
  it('lists them with their number of fields', async () => {
    const { code, stdout } = await makeWorld({ config: POSTINGS }).run('config check');
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('  postings: records, no period, 6 fields, 0 checks\n'),
    ]);
  });

  it('tries their rules as those of files', async () => {
    const config = POSTINGS.replace('constraints: {required: true}', 'constraints: {pattern: "N[0-9{9}"}');
    const refused = await makeWorld({ config }).json('config check', 2);
    expect(refused.message).toContain("field 'job_id', pattern");
  });

  it.each([
    ['default: unknown, type: integer', "field 'city', default: "],
    ['value: abroad, constraints: {maxLength: 3}', "field 'city', value: "],
  ])('refuses a constant or default that no record could be right with: %s', async (field, said) => {
    const config = POSTINGS.replace(`path: "$.places[0]['city name']", default: unknown`, field);
    const refused = await makeWorld({ config }).json('config check', 2);
    expect(refused.message).toContain(`Dataset 'postings': ${said}`);
    expect(refused.hint).toContain('tidemark config check');
  });

  it.each(['postings.sql', 'postings.duckdb.sql', 'postings.postgres.sql'])(
    'refuses a core model %s',
    async (file) => {
      const world = makeWorld({ config: POSTINGS, files: { [`models/core/${file}`]: MODEL } });
      const refused = await world.json('config check', 2);
      expect(refused.message).toBe(SAID.replace('postings.sql', file));
      expect(refused.hint).toBe('Remove the file; what the model computes belongs into a mart.');
    },
  );
});

describe.each(ENGINES)('a core model of a dataset that takes records, on %s', (engine) => {
  it('stops what writes, and what only reads goes on with a warning', async () => {
    const world = await migratedWorld(engine, { config: POSTINGS, files: { 'models/core/.keep': '' } });
    const model = join(world.root, 'models/core/postings.sql');
    writeFileSync(model, MODEL);
    for (const command of ['migrate', 'transform --period 2025-06', 'run --period 2025-06'])
      expect((await world.json(command, 2)).message, command).toContain(SAID);
    const read = await world.run('status');
    expect([read.code, read.stderr]).toEqual([0, expect.stringContaining(SAID)]);
    rmSync(model);
    await world.json('migrate', 0);
  });

  it('is refused before anything is made', async () => {
    const databaseUrl = engine === 'DuckDB' ? {} : { databaseUrl: String(await emptyDatabase()) };
    const files = { 'models/core/postings.sql': MODEL };
    const world = makeWorld({ config: POSTINGS, noWarehouse: true, files, ...databaseUrl });
    expect((await world.json('migrate', 2)).message).toBe(SAID);
    rmSync(join(world.root, 'models'), { recursive: true });
    expect((await world.json('migrate', 0)).details.applied).not.toEqual([]);
  });
});
