import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordsWorld } from './records-world.ts';
import { ENGINES } from './world.ts';

const CONFIG = `version: 1
datasets:
  people:
    period: none
    source: {records: {unknown: warn}}
    schema:
      fields:
        - {name: id, type: integer}
        - {name: name, type: string, pii: true, constraints: {required: true, maxLength: 10}}
      primaryKey: [id]
    core: {key: [id], strategy: upsert, identity: person_id}
  regions:
    period: none
    source: {filename: "regions.csv"}
    schema: {primaryKey: code, fields: [{name: code}]}
`;

describe.each(ENGINES)('records promote on %s', (engine) => {
  const given = () => recordsWorld(engine, CONFIG);

  it('answers an orchestrator with exact counts, and every record with its key and reasons', async () => {
    const world = await given();
    await world.handOver('people', [
      { id: 1, name: 'Ada' },
      { id: 1, name: 'Ada again' },
      { id: 2, name: 'Bartholomew the Great' },
    ]);
    const told = await world.json('records promote --dataset people --run r1', 0);
    expect(told).toMatchObject({
      ...{ step: 'records promote', status: 'done', dataset: 'people', period: 'none' },
      records: { promoted: 1, duplicate: 1, failed: 1, waiting: 0 },
      details: {
        promoted: [{ staging_id: 1, key: { id: 1, person_id: 1 }, reasons: [] }],
        duplicate: [{ staging_id: 2, key: { id: 1, person_id: 1 }, reasons: [] }],
        failed: [{ staging_id: 3, key: { id: 2 }, reasons: [expect.stringContaining('longer than 10')] }],
        waiting: [],
      },
    });
    expect(JSON.stringify(told)).not.toContain('Bartholomew');
    const [row] = await world.query(
      'SELECT CAST(validation_errors AS VARCHAR) AS e FROM stage.people_records WHERE failed',
    );
    expect(row?.e).not.toContain('Bartholomew');
  });

  it('ends with 3 where failed records shall count, with 5 where the run handed nothing over, with 2 for a wrong call', async () => {
    const world = await given();
    await world.handOver('people', [{ id: 1 }, { id: 2, name: 'Bo' }]);
    const failed = await world.json('records promote --dataset people --all --fail-on-failed', 3);
    expect(failed.records).toMatchObject({ promoted: 1, failed: 1 });
    expect((await world.json('records promote --dataset people --run nobody', 5)).message).toContain(
      "'nobody'",
    );
    expect((await world.json('records promote --dataset people --run r1', 0)).status).toBe('skipped');
    for (const call of [
      '--dataset people',
      '--dataset people --all --run r1',
      '--all',
      '--dataset regions --all',
      '--dataset people --all --staging-id x',
    ])
      await world.json(`records promote ${call}`, 2);
  });

  it('changes nothing in a dry run, and says the same', async () => {
    const world = await given();
    await world.handOver('people', [{ id: 1, name: 'Ada' }, { id: 2 }]);
    const before = await world.marks('people');
    const dry = await world.json('records promote --dataset people --all --dry-run', 0);
    expect(await world.marks('people')).toEqual(before);
    expect(await world.query('SELECT * FROM core.people')).toEqual([]);
    const real = await world.json('records promote --dataset people --all', 0);
    expect(real.records).toEqual(dry.records);
  });

  it('stops at a guard and changes nothing, names the command that accepts it, and logs who did', async () => {
    const world = await recordsWorld(
      engine,
      CONFIG.replace(
        'identity: person_id',
        'identity: person_id, on_duplicate: update, guards: {max_modified: 1}',
      ),
    );
    await world.handOver(
      'people',
      [1, 2, 3].map((id) => ({ id, name: 'Ada' })),
    );
    await world.json('records promote --dataset people --all', 0);
    await world.handOver(
      'people',
      [1, 2, 3].map((id) => ({ id, name: 'Bo' })),
    );
    const before = await world.marks('people');
    const stopped = await world.json('records promote --dataset people --all', 4);
    expect(stopped.hint).toContain(
      'tidemark records promote --dataset people --all --accept-guard max_modified --by',
    );
    expect(await world.marks('people')).toEqual(before);
    const accept = ['--accept-guard', 'max_modified', '--reason', 'new names', '--by', 'Vera'];
    await world.json(['records', 'promote', '--dataset', 'people', '--all', ...accept], 0);
    const [row] = await world.query(
      'SELECT accepted_guards AS said FROM meta.promotion_log ORDER BY promotion_id DESC LIMIT 1',
    );
    expect(JSON.parse(String(row?.said))).toMatchObject([
      { name: 'max_modified', by: 'Vera', reason: 'new names' },
    ]);
  });

  it('judges failed records anew when the rule was corrected and they were let wait again', async () => {
    const world = await given();
    await world.handOver('people', [{ id: 1, name: 'Bartholomew' }]);
    expect((await world.json('records promote --dataset people --all', 0)).records.failed).toBe(1);
    writeFileSync(join(world.root, 'datasets_config.yml'), CONFIG.replace('maxLength: 10', 'maxLength: 20'));
    await world.json('migrate', 0);
    expect((await world.json('records promote --dataset people --all', 0)).status).toBe('skipped');
    await world.json('records retry --dataset people --run r1', 0);
    expect((await world.json('records promote --dataset people --all', 0)).records.promoted).toBe(1);
    const [row] = await world.query(
      'SELECT attempt, CAST(validation_errors AS VARCHAR) AS e FROM stage.people_records',
    );
    expect([Number(row?.attempt), JSON.parse(String(row?.e)).length]).toEqual([2, 1]);
  });
});
