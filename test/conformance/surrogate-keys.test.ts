import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import type { CoreReference, Dataset } from '../../src/domain/dataset.ts';
import { type Period, parsePeriod } from '../../src/domain/period.ts';
import { ident, sql } from '../../src/sql/sql.ts';
import { diff } from '../../src/steps/diff.ts';
import { rollback } from '../../src/steps/rollback.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { World } from './world/world.ts';

function keyed(plain: Dataset, core: Partial<Dataset['core']>): Dataset {
  return { ...plain, core: { ...plain.core, table: plain.name, ...core } };
}
const refersTo = (
  parent: Dataset,
  column: string,
  fields: string[],
  parentFields: string[],
): CoreReference => ({
  ...{ column, fields, parentFields, dataset: parent.name, parentTable: parent.core.table },
  parentIdentity: parent.core.identity as string,
});
const subjects = keyed(
  dataset([field('subject'), field('title')], { name: 'subjects', pattern: 'subjects_{board}_{period}.csv' }),
  { key: ['board', 'subject'], strategy: 'upsert', covers: 'all', missing: 'delete', identity: 'subject_id' },
);
const withoutReferences = keyed(
  dataset([field('spec_version'), field('code'), field('parent_code'), field('subject'), field('title')], {
    name: 'topics',
    pattern: 'topics_{board}_{period}.csv',
  }),
  {
    key: ['board', 'spec_version', 'code'],
    ...{ strategy: 'upsert', covers: 'all', missing: 'close', identity: 'topic_id' },
  },
);
const topics = keyed(withoutReferences, {
  references: [
    refersTo(
      withoutReferences,
      'parent_id',
      ['spec_version', 'parent_code', 'board'],
      ['spec_version', 'code', 'board'],
    ),
    refersTo(subjects, 'subject_id', ['subject', 'board'], ['subject', 'board']),
  ],
});
const spells = keyed(
  dataset([field('code'), field('parent'), field('value')], { name: 'spells', pattern: 's_{period}.csv' }),
  {
    ...{ key: ['code'], strategy: 'history', identity: 'id' },
    references: [
      {
        ...{ column: 'parent_id', fields: ['parent'], parentFields: ['code'] },
        ...{ dataset: 'spells', parentTable: 'spells', parentIdentity: 'id' },
      },
    ],
  },
);
const facts = keyed(dataset([field('code'), field('value')], { name: 'facts', pattern: 'f_{period}.csv' }), {
  ...{ key: ['code'], strategy: 'replace_period', identity: 'fact_id' },
});

const topic = (code: string, parent: string | null = null, over: Record<string, string> = {}) => ({
  ...{ spec_version: '1', code, parent_code: parent, subject: 'math', title: `Topic ${code}` },
  ...over,
});

describe.each(ENGINES)('surrogate keys on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [subjects, topics, spells, facts]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(() => world.reset());

  type Rows = Parameters<World['load']>[2];
  const promote = async (name: string, period: string, rows: Rows, board?: string) => {
    await world.load(name, period, rows, board === undefined ? '' : `board=${board}`);
    return world.transform(period, [name], board === undefined ? {} : { slice: new Map([['board', board]]) });
  };
  const math = (board: string) =>
    promote('subjects', '2025-01', [{ subject: 'math', title: 'Mathematics' }], board);
  /** `board/version/code` of every topic, with those of its parent, both by way of the surrogate keys. */
  const tree = async (condition = sql`true`) =>
    (
      await world.rows(
        sql`SELECT t.board || '/' || t.spec_version || '/' || t.code AS node,
              p.board || '/' || p.spec_version || '/' || p.code AS parent, s.board AS subject
            FROM core.topics AS t LEFT JOIN core.topics AS p ON p.topic_id = t.parent_id
              LEFT JOIN core.subjects AS s ON s.subject_id = t.subject_id
            WHERE ${condition} ORDER BY 1`,
      )
    ).map((row) => `${row.node} < ${row.parent ?? '-'} of ${row.subject}`);
  const given = async (table: string, id: string, key: string) =>
    Object.fromEntries(
      (await world.rows(sql`SELECT ${ident(key)} AS k, ${ident(id)} AS id FROM ${ident('core', table)}`)).map(
        (row) => [row.k, row.id],
      ),
    );

  it('resolve parents in whatever order rows come, within their slice and version', async () => {
    await math('AQA');
    await math('OCR');
    const rows = [topic('1.1.1', '1.1'), topic('1.1', '1'), topic('1'), topic('2', '1')];
    expect((await promote('topics', '2025-01', rows, 'AQA')).exitCode).toBe(0);
    expect((await promote('topics', '2025-01', [topic('1'), topic('1.1', '1')], 'OCR')).exitCode).toBe(0);
    expect(await tree()).toEqual([
      'AQA/1/1 < - of AQA',
      'AQA/1/1.1 < AQA/1/1 of AQA',
      'AQA/1/1.1.1 < AQA/1/1.1 of AQA',
      'AQA/1/2 < AQA/1/1 of AQA',
      'OCR/1/1 < - of OCR',
      'OCR/1/1.1 < OCR/1/1 of OCR',
    ]);
  });

  it('refuse rows whose parent is nowhere, and name them', async () => {
    await math('AQA');
    const result = await promote(
      'topics',
      '2025-01',
      [topic('1'), topic('1.1', '9'), topic('1.2', '9')],
      'AQA',
    );
    expect(result).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(result.message).toContain('2 rows of core.topics would refer to rows');
    expect(result.message).toContain('parent_code=9');
    expect(await world.core('topics')).toEqual([]);
    const stranger = await promote('topics', '2025-01', [topic('1', null, { subject: 'art' })], 'AQA');
    expect(stranger.message).toContain('subject=art');
    // A parent that goes leaves orphans too.
    await promote('topics', '2025-01', [topic('1'), topic('1.1', '1')], 'AQA');
    expect(await promote('topics', '2025-02', [topic('1.1', '1')], 'AQA')).toMatchObject({ exitCode: 4 });
  });

  it('stay with their natural key: over restatements, absence, history and a rollback', async () => {
    await promote('spells', '2025-01', [
      { code: 'a', parent: null, value: 'x' },
      { code: 'b', parent: 'a', value: 'x' },
    ]);
    const first = await given('spells', 'id', 'code');
    await promote('spells', '2025-02', [{ code: 'a', parent: null, value: 'y' }]);
    await promote('spells', '2025-03', [
      { code: 'c', parent: 'b', value: 'x' },
      { code: 'b', parent: 'a', value: 'x' },
      { code: 'a', parent: null, value: 'y' },
    ]);
    const ids = await world.rows(
      sql`SELECT code, count(DISTINCT id) AS "ids", min(id) AS id FROM core.spells GROUP BY code ORDER BY code`,
    );
    expect(ids).toEqual([
      { code: 'a', ids: 1, id: first.a },
      { code: 'b', ids: 1, id: first.b },
      { code: 'c', ids: 1, id: expect.any(Number) },
    ]);
    const c = ids[2]?.id;
    const { result } = await rollback(world.context(), {
      subject: { dataset: spells, period: parsePeriod('2025-03') as Period, slice: new Map() },
      ...{ cascade: false, reason: 'why', by: 'Vera', confirm: null },
    });
    expect(result.exitCode, writeWords(result.message ?? '')).toBe(0);
    await promote('spells', '2025-03', [
      { code: 'd', parent: null, value: 'x' },
      { code: 'c', parent: null, value: 'x' },
    ]);
    const now = await given('spells', 'id', 'code');
    expect(now).toMatchObject({ a: first.a, b: first.b, c });
    expect(new Set(Object.values(now)).size).toBe(4);
  });

  it('are one for each key, whatever the period, where core has its rows by period', async () => {
    await promote('facts', '2025-01', [{ code: 'a', value: '1' }]);
    await promote('facts', '2025-02', [
      { code: 'b', value: '1' },
      { code: 'a', value: '2' },
    ]);
    const rows = await world.rows(
      sql`SELECT code, count(DISTINCT fact_id) AS n FROM core.facts GROUP BY code ORDER BY 1`,
    );
    expect(rows).toEqual([
      { code: 'a', n: 1 },
      { code: 'b', n: 1 },
    ]);
    expect(await world.rows(sql`SELECT count(DISTINCT fact_id) AS n FROM core.facts`)).toEqual([{ n: 2 }]);
  });

  it('of two slices promoted at once are given once each', async () => {
    const boards = ['AQA', 'OCR', 'WJEC'];
    for (const board of boards) await math(board);
    for (const board of boards)
      await world.load(
        'topics',
        '2025-01',
        [topic('1'), topic('1.1', '1'), topic('1.2', '1')],
        `board=${board}`,
      );
    const results = await Promise.all(
      boards.map((board) => world.transform('2025-01', ['topics'], { slice: new Map([['board', board]]) })),
    );
    expect(results.map((result) => result.exitCode)).toEqual([0, 0, 0]);
    expect(
      await world.rows(
        sql`SELECT count(*) AS n, count(DISTINCT topic_id) AS ids, count(DISTINCT board || code) AS keys FROM core.topics_identity`,
      ),
    ).toEqual([{ n: 9, ids: 9, keys: 9 }]);
    expect(await tree(sql`t.topic_id IS NULL`)).toEqual([]);
  });

  it('keep versions beside each other: the old one is closed, and both keep their own parents', async () => {
    await math('AQA');
    await promote('topics', '2025-01', [topic('1'), topic('1.1', '1')], 'AQA');
    const before = await given('topics_identity', 'topic_id', 'code');
    const second = { spec_version: '2' };
    const result = await promote(
      'topics',
      '2025-06',
      [topic('1', null, second), topic('1.1', '1', second)],
      'AQA',
    );
    expect(result.rows).toMatchObject({ added: 2, closed: 2, modified: 0 });
    expect(await tree(sql`t._closed_period IS NULL`)).toEqual([
      'AQA/2/1 < - of AQA',
      'AQA/2/1.1 < AQA/2/1 of AQA',
    ]);
    expect(await tree(sql`t._closed_period = '2025-06'`)).toEqual([
      'AQA/1/1 < - of AQA',
      'AQA/1/1.1 < AQA/1/1 of AQA',
    ]);
    const rows = await world.rows(
      sql`SELECT topic_id AS id FROM core.topics WHERE spec_version = '1' ORDER BY code`,
    );
    expect(rows.map((row) => row.id)).toEqual([before['1'], before['1.1']]);
  });

  it('are promoted with what they refer to in one transaction, or none is', async () => {
    const subject = [{ subject: 'math', title: 'Mathematics' }];
    for (const board of ['AQA', 'OCR']) {
      await world.load('subjects', '2025-01', subject, `board=${board}`);
      await world.load('topics', '2025-01', [topic('1.1', '1'), topic('1')], `board=${board}`);
    }
    await world.load('topics', '2025-01', [topic('1.1', '9')], 'board=OCR');
    const refused = world.transform('2025-01', ['topics', 'subjects'], { atomic: true });
    await expect(refused).rejects.toMatchObject({ code: 'orphan-rows', exitCode: 4 });
    for (const table of ['topics', 'subjects', 'topics_identity', 'subjects_identity'])
      expect(await world.core(table), table).toEqual([]);
    expect(await world.rows(sql`SELECT count(*) AS n FROM meta.promotion_log`)).toEqual([{ n: 0 }]);

    await world.load('topics', '2025-01', [topic('1.1', '1'), topic('1')], 'board=OCR');
    const done = await world.transform('2025-01', ['topics', 'subjects'], { atomic: true });
    expect(done).toMatchObject({ status: 'done', exitCode: 0, rows: { added: 6 } });
    expect(done.results).toHaveLength(4);
    expect(await tree()).toHaveLength(4);
  });

  it('stand in no diff: what it tells does not hang on which numbers will be given', async () => {
    await math('AQA');
    await math('OCR');
    await world.load('topics', '2025-01', [topic('1'), topic('1.1', '1')], 'board=AQA');
    const look = () =>
      diff(world.context(), {
        subject: { kind: 'staged', dataset: topics, period: parsePeriod('2025-01') as Period },
        ...{ slice: new Map([['board', 'AQA']]), by: [], tolerance: [], sample: 20, showPersonal: false },
        ...{ failOnDiff: false, html: null, xlsx: null },
      });
    const before = await look();
    expect(before.comparisons[0]?.counts).toMatchObject({ added: 2, modified: 0 });
    await promote('topics', '2025-01', [topic('7')], 'OCR');
    expect((await look()).fingerprint).toBe(before.fingerprint);
    await world.transform('2025-01', ['topics'], { slice: new Map([['board', 'AQA']]) });
    const after = await look();
    expect(after.comparisons[0]).toMatchObject({
      schema_changes: [],
      counts: { added: 0, modified: 0, unchanged: 2 },
    });
  });

  it('are given to the rows that are there when a table is to have them', async () => {
    const now = world.datasets as Map<string, Dataset>;
    now.set(
      'late',
      keyed(dataset([field('code'), field('parent')], { name: 'late', pattern: 'l_{period}.csv' }), {
        ...{ key: ['code'], strategy: 'upsert' },
      }),
    );
    await world.migrate();
    await promote('late', '2025-01', [
      { code: 'b', parent: 'a' },
      { code: 'a', parent: null },
    ]);
    const plain = now.get('late') as Dataset;
    const identified = keyed(plain, { identity: 'late_id' });
    now.set(
      'late',
      keyed(identified, { references: [refersTo(identified, 'parent_id', ['parent'], ['code'])] }),
    );
    await world.migrate();
    const ids = await given('late', 'late_id', 'code');
    expect(await given('late', 'parent_id', 'code')).toEqual({ a: null, b: ids.a });
    await promote('late', '2025-02', [{ code: 'c', parent: 'b' }]);
    expect(await given('late', 'parent_id', 'code')).toEqual({ a: null, b: ids.a, c: ids.b });
    now.delete('late');
  });
});
