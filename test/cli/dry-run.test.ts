import { describe, expect, it } from 'vitest';
import { MART, register, THREE } from './registers.ts';
import { listing, makeWorld } from './world.ts';

const june = { 'citizens_2025-06.csv': THREE };

describe('a dry run', () => {
  const DRY = [
    ...['ingest --period 2025-06', 'ingest --all', 'ingest --file-path citizens_2025-06.csv'],
    ...['validate --period 2025-06', 'load-stage --period 2025-06', 'transform --period 2025-06'],
    ...[
      'publish --period 2025-06 --export csv',
      'run --period 2025-06',
      'status',
      'history --dataset citizens',
    ],
    ...['migrate', 'config check', 'doctor', 'export stage.citizens --format csv --file out.csv'],
  ];

  it('of an untouched project changes nothing at all', async () => {
    const world = makeWorld({
      ...register(june, { files: { 'models/mart/incomes.sql': MART } }),
      noWarehouse: true,
    });
    const before = listing(world.root);
    for (const command of DRY) {
      const { code, stderr } = await world.run(`${command} --dry-run --json`);
      expect(listing(world.root), command).toEqual(before);
      expect([0, 5, 2], `${command} ${stderr}`).toContain(code);
    }
    expect(await world.json('run --period 2025-06 --dry-run', 0)).toMatchObject({
      details: { stopped_at: 'validate' },
    });
  });

  it('after each step computes the counts of the next, and changes nothing at all', async () => {
    const world = makeWorld({
      ...register(june, { files: { 'models/mart/incomes.sql': MART } }),
      noWarehouse: true,
    });
    const expected: [string, object][] = [
      ['ingest', {}],
      ['validate', { read: 3, accepted: 3, rejected: 0 }],
      ['load-stage', { deleted: 0, inserted: 3 }],
      ['transform', { added: 3 }],
      ['publish', { inserted: 1 }],
    ];
    for (const [step, rows] of expected) {
      const before = listing(world.root);
      const dry = await world.json(`${step} --period 2025-06 --dry-run`, 0);
      expect(dry, step).toMatchObject({ status: 'done', rows });
      expect(listing(world.root), step).toEqual(before);
      expect(await world.json(`${step} --period 2025-06`, 0), step).toMatchObject({ status: 'done', rows });
    }
    const before = listing(world.root);
    for (const command of DRY) await world.run(`${command} --dry-run --json`);
    expect(listing(world.root)).toEqual(before);
  });
});
