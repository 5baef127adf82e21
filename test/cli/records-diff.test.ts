import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { posting, postingsConfig, recordsPipeline } from './handed-over.ts';
import { ENGINES } from './world.ts';

describe.each(ENGINES)('diff of records on %s', (engine) => {
  const world = async () => {
    const made = await recordsPipeline(engine, postingsConfig());
    await made.insert('postings', 'a', posting('1', 'Clerk', { contact: 'Eve' }), posting('2', 'Teller'));
    await made.json('records promote --dataset postings --all', 0);
    await made.insert('postings', 'b', posting('1', 'Head clerk', { contact: 'Ada' }), posting('3', 'Guard'));
    await made.insert('postings', 'b', posting('2', 'Teller'), posting('4', null));
    await made.insert('postings', 'c', posting('5', 'Cook'));
    return made;
  };

  it('shows what the records that wait would change, cell by cell, with personal values masked', async () => {
    const made = await world();
    const told = await made.json('diff --dataset postings --run b', 0);
    expect(told.message).toBe(
      '1 added, 1 modified (2 cells); 1 unchanged. The records would be: 2 promoted, 1 duplicate, 1 failed.',
    );
    expect(told.records).toEqual({ promoted: 2, duplicate: 1, failed: 1, waiting: 0 });
    const [comparison] = told.details.comparisons;
    expect(comparison).toMatchObject({
      ...{ kind: 'records', before: 'core.postings', after: "4 waiting records of run 'b'", key: ['id'] },
      rows: [{ change: 'added', key: { id: '3' }, source_row: 4 }],
      notes: ['1 record with errors would not be promoted.'],
      personal: 'masked',
    });
    expect(comparison.cells).toEqual([
      { key: { id: '1' }, column: 'title', before: 'Clerk', after: 'Head clerk', source_row: 3 },
      expect.objectContaining({ column: 'contact', source_row: 3 }),
    ]);
    expect(JSON.stringify(comparison)).not.toMatch(/Eve|Ada/);
    expect((await made.run('diff --dataset postings --run b')).stdout).toContain(
      "postings: 4 waiting records of run 'b', against core.postings\n",
    );
  });

  it('stores nothing, and shows the same fingerprint as long as nothing changes', async () => {
    const made = await world();
    const first = await made.json('diff --dataset postings', 0);
    expect(first.details.comparisons[0].counts).toMatchObject({ added: 2, modified: 1, unchanged: 1 });
    expect((await made.marks('postings')).slice(2)).toEqual(['waits', 'waits', 'waits', 'waits', 'waits']);
    expect(await made.query('SELECT count(*) AS n FROM core.postings')).toEqual([{ n: '2' }]);
    const again = await made.json('diff --dataset postings', 0);
    expect(again.details.fingerprint).toBe(first.details.fingerprint);
    const other = await made.json('diff --dataset postings --run c', 0);
    expect(other.details.fingerprint).not.toBe(first.details.fingerprint);
  });

  it('writes a page and a workbook, which call the source of a row a record', async () => {
    const made = await world();
    await made.json('diff --dataset postings --html d.html --xlsx d.xlsx --fail-on-diff', 4);
    expect(readFileSync(join(made.root, 'd.html'), 'utf8')).toContain('<th class="num">Record</th>');
    expect(existsSync(join(made.root, 'd.xlsx'))).toBe(true);
  });

  it('is done where nothing waits, and refuses periods and runs where they do not belong', async () => {
    const made = await recordsPipeline(engine, postingsConfig());
    const idle = await made.json('diff --dataset postings', 0);
    expect([idle.status, idle.message]).toEqual(['skipped', 'No record waits.']);
    const refused = await made.json('diff --dataset postings --period 2025-06', 2);
    expect(refused.message).toBe(
      "Dataset 'postings' takes records from scripts, which have no periods and no files.",
    );
  });
});
