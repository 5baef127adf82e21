import { describe, expect, it } from 'vitest';
import { type RecordsWorld, recordsWorld } from './records-world.ts';
import { ENGINES } from './world.ts';

const CONFIG = `version: 1
datasets:
  postings:
    period: none
    source: {records: {}}
    schema:
      fields:
        - {name: website, value: example_bank, type: string}
        - {name: job, path: "$.job_id", type: string, constraints: {required: true}}
        - {name: title, path: "$.job.title", type: string}
        - {name: contact, path: "$.people[0]['full name']", type: string, pii: true}
        - {name: people, type: array}
        - {name: pay, type: number, precision: 12, scale: 2}
      primaryKey: [website, job]
    core: {key: [website, job], strategy: upsert, identity: posting_id, on_duplicate: update}
`;
const MART = `-- mode: full
-- reads: core.postings
-- grain: title
SELECT title, count(*) AS postings FROM core.postings GROUP BY title
`;
const job = (title: string | null, more: object = {}) => ({
  ...{ job_id: 'a', job: { title }, people: [{ 'full name': 'Ada Byron' }] },
  ...more,
});

async function traced(world: RecordsWorld, ...more: readonly string[]) {
  return (await world.json(['trace', 'core.postings', 'job=a', ...more], 0)).details.rows[0];
}

describe.each(ENGINES)('trace of a row of records on %s', (engine) => {
  it('goes back to the records that made it and changed it last, member by member', async () => {
    const world = await recordsWorld(engine, CONFIG, { 'models/mart/titles.sql': MART });
    await world.write(
      `INSERT INTO stage.postings_records (run_id, actor, interaction, batch_id, raw_data)
       VALUES ('fetch-1', 'fetcher', 'GET /jobs', 'b1', '${JSON.stringify(job('Clerk', { pay: 1 }))}')`,
    );
    await world.promote('postings');
    await world.handOver('postings', [{ job_id: 'a', job: { title: 'Cook' }, pay: 1.5 }], 'parse-1');
    await world.promote('postings');

    const row = await traced(world);
    expect(row.records).toMatchObject([
      {
        ...{ staging_id: 1, did: 'made it', run_id: 'fetch-1', actor: 'fetcher', interaction: 'GET /jobs' },
        ...{ batch_id: 'b1', pruned_at: null },
        values: { job: 'a', title: 'Clerk', contact: '***', people: '***', pay: '1' },
      },
      {
        ...{ staging_id: 2, did: 'changed it last', run_id: 'parse-1', batch_id: null },
        values: { job: 'a', title: 'Cook', contact: null, people: null, pay: '1.5' },
      },
    ]);
    expect(row.records[0].submitted_by).toMatch(/./);
    expect(row.records[0].submitted_at).toMatch(/^20\d\d-/);
    const cells = Object.fromEntries(row.cells.map((cell: { column: string }) => [cell.column, cell]));
    expect(cells.website).toMatchObject({ cell: null, raw: null, core: 'example_bank' });
    expect(cells.title).toMatchObject({ cell: '$.job.title', raw: 'Cook', core: 'Cook' });
    expect(cells.contact).toMatchObject({ cell: "$.people[0]['full name']", raw: null, core: '***' });
    expect(cells.people).toMatchObject({ cell: '$.people', raw: null, core: '***' });
    expect(cells.pay).toMatchObject({ cell: '$.pay', raw: '1.5', core: '1.50' });
    expect(row.delivery).toBeNull();
    expect(row.notes).toEqual([]);
    expect(row.promotions.map(({ kind }: { kind: string }) => kind)).toEqual(['records', 'records']);

    const shown = await traced(world, '--show-pii');
    expect(shown.records[0].values).toMatchObject({
      ...{ contact: 'Ada Byron', people: '[{"full name":"Ada Byron"}]' },
    });
    const { stdout } = await world.run('trace core.postings job=a');
    expect(stdout).toContain(
      'record 1 made it: run fetch-1, actor fetcher, interaction GET /jobs, batch b1,',
    );
    expect(stdout).toContain('record 2 changed it last: run parse-1, actor fetcher, handed over at 20');
    expect(stdout).toMatch(/column +member +in record 1 +in record 2 +in core/);
    expect(stdout).toMatch(/title +\$\.job\.title +Clerk +Cook +Cook/);
    expect(stdout).not.toContain('Ada');

    await world.json('publish --period 2025-06', 0);
    const mart = await world.json('trace mart.titles title=Cook', 0);
    expect(mart.details.sources).toMatchObject([
      {
        ...{ table: 'core.postings', keys: ['website=example_bank,job=a'] },
        records: [{ staging_id: 2, run_id: 'parse-1', actor: 'fetcher' }],
      },
    ]);
    expect((await world.run('trace mart.titles title=Cook')).stdout).toContain('record 2: run parse-1');
  });

  it('follows a row that a rollback took away, and says where a row has no record', async () => {
    const world = await recordsWorld(engine, CONFIG);
    await world.handOver('postings', [job('Clerk')]);
    await world.promote('postings');
    await world.json(['rollback', '--promotion', '1', '--reason', 'x', '--by', 'Vera', '--yes'], 0);
    const gone = await traced(world);
    expect(gone.state).toBe('gone');
    expect(gone.records).toMatchObject([{ staging_id: 1, did: 'made the row', values: { title: 'Clerk' } }]);
    await world.write(
      `INSERT INTO core.postings (posting_id, website, job, _data_period) VALUES (9, 'example_bank', 'a', 'none')`,
    );
    const without = await traced(world);
    expect(without.records).toEqual([]);
    expect(without.notes).toEqual(['Which record it came from is not known: the row has no number of one.']);
  });
});
