import { describe, expect, it } from 'vitest';
import { makePipeline } from '../fixtures/pipelines/make-pipeline.ts';
import { SERVER_ENGINES } from './fault-engines.ts';
import { lossyLine } from './lost-answers/lossy-line.ts';

const CONFIG = `version: 1
datasets:
  people:
    source: {filename: "people_{period}[_v{version}].csv"}
    schema: {primaryKey: id, fields: [{name: id, type: integer}, {name: name}]}
    core: {strategy: upsert, covers: all, missing: delete}
`;
const WHO = '--by Vera --reason audit';

describe.each(SERVER_ENGINES)('a line to %s that breaks between COMMIT and its answer', (_name, engine) => {
  it.each([
    [
      'rollback',
      `rollback --dataset people --period 2025-06 --yes --run-id night ${WHO}`,
      'names',
      ['Ada', 'Bob'],
    ],
    ['load-stage', 'load-stage --dataset people --period 2025-06 --file-id 1 --run-id night', 'current', [1]],
    ['withdraw', `withdraw --file-id 2 ${WHO}`, 'current', [1]],
  ])(
    'ends %s with 5, and repeating what is said then answers for the first',
    async (_what, command, asked, after) => {
      const database = await engine.make();
      const direct = database.url as string;
      const world = makePipeline({ config: CONFIG, databaseUrl: direct });
      const say = async (words: string, code: number) => {
        const answer = await world.run(`${words} --json`);
        expect(answer.code, `${words}\n${answer.stdout}${answer.stderr}`).toBe(code);
        return answer.json;
      };
      const line = await lossyLine(direct, 1);
      try {
        await say('migrate', 0);
        for (const name of ['Ada', 'Eva']) {
          world.land('people_2025-06.csv', `id,name\n1,${name}\n2,Bob\n`);
          await say('run --period 2025-06 --run-id day', 0);
        }
        const lost = await say(`${command} --database-url ${line.url}`, 5);
        expect(line.lost()).toBe(1);
        const named = /Add (--run-id \S+), so that nothing is done twice\.$/.exec(lost.hint)?.[1];
        expect(named, lost.hint).toBe(command.includes('--run-id') ? undefined : `--run-id ${lost.run_id}`);
        const again = await say(`${command} ${named ?? ''} --database-url ${line.url}`, 0);
        expect(again.status).toBe('done');
        const rows = await database.query(
          world.root,
          asked === 'names'
            ? 'SELECT name AS it FROM core.people ORDER BY id'
            : 'SELECT CAST(file_id AS INTEGER) AS it FROM meta.current_delivery',
        );
        expect(rows.map((row) => row.it)).toEqual(after);
        const [step] = command.split(' ');
        const kept = await database.query(
          world.root,
          `SELECT 1 FROM meta.answer_log WHERE step = '${step}' AND run_id <> 'day'`,
        );
        expect(kept.length).toBe(1);
      } finally {
        await line.close();
        world.remove();
        await database.drop();
      }
    },
  );
});
