import { describe, expect, it } from 'vitest';
import { makePipeline } from '../fixtures/pipelines/make-pipeline.ts';
import { RECORDS_CONFIG, SUBMIT } from '../fixtures/records.ts';
import { SERVER_ENGINES } from './fault-engines.ts';
import { lossyLine } from './lost-answers/lossy-line.ts';

const RECORDS = '{"job_id":"a"}\n{"job_id":"b"}\n';

describe.each(SERVER_ENGINES)('a line to %s that breaks between COMMIT and its answer', (_name, engine) => {
  it.each(['', '--batch-id page-1', '--run-id night-7'])(
    'ends records submit with 5, and what is said then stores the records once: %s',
    async (named) => {
      const database = await engine.make();
      const world = makePipeline({ config: RECORDS_CONFIG, databaseUrl: database.url as string });
      const line = await lossyLine(database.url as string, 1);
      const say = async (words: string, code: number, input?: string) => {
        const answer = await world.run(`${words} --json`, input);
        expect(answer.code, `${words}\n${answer.stdout}${answer.stderr}`).toBe(code);
        return answer.json;
      };
      try {
        await say('migrate', 0);
        const call = `${SUBMIT} ${named} --print-ids`;
        const lost = await say(`${call} --database-url ${line.url}`, 5, RECORDS);
        expect(line.lost()).toBe(1);
        const batch = /Add (--batch-id \S+), so that nothing is stored twice\.$/.exec(lost.hint)?.[1];
        expect(batch === undefined, lost.hint).toBe(named.startsWith('--batch-id'));
        const answers = [await say(`${call} ${batch ?? ''}`, 0, RECORDS)];
        // The caller's own name is enough.
        if (named !== '') answers.push(await say(call, 0, RECORDS));
        for (const { details } of answers) expect(details.staging_ids).toEqual([1, 2]);
        const rows = await database.query(world.root, 'SELECT batch_id FROM stage.postings_records');
        expect(rows.map(({ batch_id }) => `--batch-id ${batch_id}`)).toEqual(Array(2).fill(batch ?? named));
      } finally {
        await line.close();
        world.remove();
        await database.drop();
      }
    },
  );
});
