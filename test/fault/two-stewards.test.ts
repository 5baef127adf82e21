import { describe, expect, it } from 'vitest';
import { makePipeline } from '../fixtures/pipelines/make-pipeline.ts';
import { ENTRIES_CONFIG, entries, OTHER_PERIOD, PERIOD, ROWS } from './entries.ts';
import { FAULT_ENGINES } from './fault-engines.ts';
import { succeed } from './replaced-period.ts';

const CONFIG = `${ENTRIES_CONFIG}      primaryKey: id
    core: {strategy: upsert, covers: all, missing: delete, review: required}
`;

describe.each(FAULT_ENGINES)(
  'two stewards promote approved periods of one register at once on %s',
  (_name, engine) => {
    it.each([
      ['waits and finds its approval void', '--lock-timeout 60', [4]],
      ['waits, or gives up waiting', '--lock-timeout 0.2', [4, 5]],
    ])(
      'one wins and the other %s; core is what the winner promoted',
      async (_outcome, patience, codes) => {
        const database = await engine.make();
        const contents = new Map([
          [OTHER_PERIOD, entries(1, Math.round(ROWS / 10))],
          [PERIOD, entries(2, Math.round(ROWS / 10))],
        ]);
        const pipeline = makePipeline({
          config: CONFIG,
          landed: Object.fromEntries(
            [...contents].map(([period, { csv }]) => [`entries_${period}.csv`, csv]),
          ),
          ...(database.url === undefined ? {} : { databaseUrl: database.url }),
        });
        try {
          await succeed(pipeline, 'migrate');
          for (const period of contents.keys()) {
            await succeed(pipeline, `run --period ${period} --through load-stage`);
            await succeed(
              pipeline,
              `approve --dataset entries --period ${period} --by ${period} --reason test --yes`,
            );
          }
          const periods = [...contents.keys()];
          const answers = await Promise.all(
            periods.map(
              (period) =>
                pipeline.start(`transform --period ${period} --dataset entries --json --quiet ${patience}`)
                  .answer,
            ),
          );
          const winner = answers.findIndex(({ code }) => code === 0);
          const loser = answers[1 - winner];
          expect(answers.map(({ code }) => code).filter((code) => code === 0)).toHaveLength(1);
          expect(codes).toContain(loser?.code);
          if (loser?.code === 4)
            expect(loser.json.message).toMatch(/approval by .* is void: core has changed since/);
          const won = periods[winner] as string;
          const rows = await database.query(
            pipeline.root,
            `SELECT count(*) AS n, CAST(sum(amount) AS DOUBLE PRECISION) AS total, min(_data_period) AS one, max(_data_period) AS other,
           count(DISTINCT _updated_by) AS writers, (SELECT count(*) FROM meta.promotion_log) AS promotions FROM core.entries`,
          );
          const { content } = contents.get(won) as ReturnType<typeof entries>;
          expect(rows.map((row) => [Number(row.n), Number(row.total), row.one, row.other])).toEqual([
            [content.rows, content.total, won, won],
          ]);
          expect([Number(rows[0]?.writers), Number(rows[0]?.promotions)]).toEqual([1, 1]);
        } finally {
          pipeline.remove();
          await database.drop();
        }
      },
      300_000,
    );
  },
);
