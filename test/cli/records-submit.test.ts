import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lines, RECORDS_CONFIG, SUBMIT } from '../fixtures/records.ts';
import { ENGINES, emptyDatabase, listing, makeWorld, migratedWorld, type World } from './world.ts';

const files = { config: RECORDS_CONFIG };
const TWO = '{"job_id":"a"}\n{"job_id":"b"}\n';

/** The texts of the stored records, in the order of their numbers. */
async function stored(world: World, table = 'stage.postings_records'): Promise<string[]> {
  const rows = await world.query(
    `SELECT CAST(raw_data AS VARCHAR) AS text FROM ${table} ORDER BY staging_id`,
  );
  return rows.map(({ text }) => text as string);
}

const NO_JSON: readonly (readonly [what: string, input: string | Buffer, line: number, column: number])[] = [
  ['a word that JSON does not have', '{"a":1}\n{"a":NaN}\n', 2, 6],
  ['a comma at the end of an object', '{"a":1,}', 1, 7],
  ['a comma at the end of the array', '[{"a":1},\n]', 2, 1],
  ['half a character', '{"a":"\\ud800"}', 1, 7],
  ['a record cut short', '{"a":1}\n{"a":', 2, 6],
  ['an array without an end', '[{"a":1}', 1, 9],
  ['bytes that are not UTF-8', Buffer.from([...Buffer.from('{"a":1}\n{"a":"'), 0xe4, 0x22, 0x7d]), 2, 7],
  ['a fault behind many good records', `${'{"a":1}\n'.repeat(200_000)}{"a":01}`, 200_001, 6],
];

const OTHERS = [
  ['more records', SUBMIT, `${TWO}{"job_id":"c"}`, 'this call has 3 records'],
  ['none', SUBMIT, '', 'this call has 0 records'],
  ['another order', SUBMIT, '{"job_id":"b"}\n{"job_id":"a"}', 'they or their actor are others'],
  ['another actor', SUBMIT.replace('fetcher', 'parser'), TWO, 'they or their actor are others'],
] as const;

describe.each(ENGINES)('records submit on %s', (engine) => {
  const world = () => migratedWorld(engine, files);

  it('stores each record with its run, its actor and what it was doing, and leaves the rest to the table', async () => {
    const { json, query } = await world();
    const result = await json(`${SUBMIT} --interaction page-1 --run-id call-7 --batch-id first`, 0, TWO);
    expect(result).toMatchObject({
      ...{ step: 'records submit', status: 'done', run_id: 'call-7', dataset: 'postings' },
      ...{ records: { submitted: 2 }, batch_id: 'first' },
    });
    expect(result.message).toMatch(/^2 records handed over as batch first; tidemark records promote /);
    const columns = `staging_id, run_id, actor, interaction, batch_id, submit_key, CAST(raw_data AS VARCHAR) AS raw_data,
      attempt, waits, validated, failed, promoted, duplicate, held_by, submitted_by IS NULL AS nobody, created_at IS NULL AS never`;
    const common = {
      ...{ run_id: 'night', actor: 'fetcher', interaction: 'page-1', batch_id: 'first', submit_key: null },
      ...{ attempt: '0', waits: 'true', validated: 'false', failed: 'false', promoted: 'false' },
      ...{ duplicate: 'false', held_by: null, nobody: 'false', never: 'false' },
    };
    expect(await query(`SELECT ${columns} FROM stage.postings_records ORDER BY staging_id`)).toEqual([
      { ...common, staging_id: '1', raw_data: '{"job_id":"a"}' },
      { ...common, staging_id: '2', raw_data: '{"job_id":"b"}' },
    ]);
  });

  it('reads lines, one array, stdin and files alike', async () => {
    const one = await world();
    const path = join(one.root, 'page.json');
    writeFileSync(path, '\ufeff[ {"job_id": 1.10},\r\n\t"text" , null,[1,\n 2]\n]\n');
    await one.json(`${SUBMIT} page.json`, 0);
    await one.json([...SUBMIT.split(' '), path], 0);
    await one.json(`${SUBMIT} -`, 0, '{"job_id":1}\r\n\r\n  true\t\n{"job_id":2}');
    const page = ['{"job_id": 1.10}', '"text"', 'null', '[1,\n 2]'];
    expect(await stored(one)).toEqual([...page, ...page, '{"job_id":1}', 'true', '{"job_id":2}']);
  });

  it('keeps every record exactly as it was handed over', async () => {
    const one = await world();
    const records = [
      '{"n":1.10,"e":1E+2,"zero":-0,"neg":-0.0,"long":12345678901234567890,"huge":1e400,"tiny":1e-400}',
      `{"digits":0.${'123456789'.repeat(20)},"whole":${'9'.repeat(400)}}`,
      '{"n":1e131072}',
      '{"a":1,"a":2,"b":{"c":1,"c":1}}',
      '{"__proto__":{"x":1},"constructor":null,"":"","  ":" "}',
      '{"nul":"\\u0000","pair":"\\ud83d\\ude00","slash":"\\/","tab":"\\t"}',
      '{"separators":"\u2028\u2029\u0085","backslash":"\\\\.","tab":"\\\\t","\\\\N":"\\\\N"}',
      '{ "spaced" :\t[ 1 , 2 ] }',
      '{"quotes":"it\'s \\"so\\"; --","percent":"%s $1","escape":"\x7f\ue000"}',
      '{"astral":"😀𝒳","combining":"é","right-to-left":"\u202eabc"}',
      `${'['.repeat(500)}1${']'.repeat(500)}`,
      `${'{"a":'.repeat(500)}null${'}'.repeat(500)}`,
      `{"long":"${'ä\\n'.repeat(400_000)}"}`,
      '"text"',
      '17',
      'null',
      'false',
      '[]',
      '{}',
    ];
    await one.json(SUBMIT, 0, lines(records));
    expect(await stored(one)).toEqual(records);
  });

  it('numbers records in the order of the input, over all parts that it is stored in', async () => {
    const { json, query } = await world();
    await json(SUBMIT, 0, '{"n":0}');
    const many = Array.from({ length: 130_000 }, (_, i) => `{"n":${i + 1}}`);
    await json(SUBMIT, 0, lines(many));
    await json(SUBMIT, 0, '{"n":130001}');
    const [found] = await query(
      `SELECT count(*) AS records, min(staging_id) AS lowest,
         sum(CASE WHEN CAST(raw_data AS VARCHAR) = '{"n":' || (staging_id - 1) || '}' THEN 1 ELSE 0 END) AS in_order
       FROM stage.postings_records`,
    );
    expect(found).toEqual({ records: '130002', lowest: '1', in_order: '130002' });
  });

  it('refuses what is not JSON by line and column, and stores nothing of the call', async () => {
    const { json, query } = await world();
    for (const [what, input, line, column] of NO_JSON) {
      const { message, hint, status } = await json(SUBMIT, 3, input);
      const place = `stdin, line ${line}, column ${column}: `;
      expect([what, message.slice(0, place.length)]).toEqual([what, place]);
      expect(message).toMatch(/\. No record of this call was stored\.$/);
      expect([status, hint]).toEqual(['refused', expect.stringContaining('hand all of it over again')]);
    }
    expect(await query('SELECT 1 FROM stage.postings_records')).toEqual([]);
    expect(await query('SELECT 1 FROM meta.record_batch')).toEqual([]);
  });

  describe('a batch', () => {
    it('with the same records is stored once and answers as before', async () => {
      const one = await world();
      const call = `${SUBMIT} --batch-id page-1 --print-ids`;
      const first = await one.json(call, 0, TWO);
      await one.json(`${SUBMIT}`, 0, TWO);
      // As one array: the records are the same.
      const again = await one.json(call, 0, '[{"job_id":"a"}, {"job_id":"b"}]');
      expect(again).toEqual({ ...first, run_id: again.run_id });
      expect(again.details).toEqual({ staging_ids: [1, 2] });
      expect(await stored(one)).toHaveLength(4);
    });

    it('is refused with other records, or those of another actor, and nothing is stored', async () => {
      const one = await world();
      await one.json(`${SUBMIT} --batch-id page-1`, 0, TWO);
      for (const [what, call, input, told] of OTHERS) {
        for (const dry of ['', ' --dry-run']) {
          const { message, hint } = await one.json(`${call} --batch-id page-1${dry}`, 2, input);
          expect(message, what).toContain(
            "Batch 'page-1' of run 'night' was handed over before with 2 records",
          );
          expect([message, hint], what).toEqual([
            expect.stringContaining(told),
            expect.stringContaining('--batch-id'),
          ]);
        }
      }
      expect(await stored(one)).toHaveLength(2);
    });

    it('is of its dataset and its run: others may have one of that name', async () => {
      const one = await world();
      for (const call of [SUBMIT, SUBMIT.replace('night', 'day'), SUBMIT.replace('postings', 'skills')])
        await one.json(`${call} --batch-id page-1`, 0, TWO);
      const rows = await one.query('SELECT dataset, run_id, records FROM meta.record_batch ORDER BY 1, 2');
      expect(rows.map((row) => Object.values(row).join(' '))).toEqual([
        'postings day 2',
        'postings night 2',
        'skills night 2',
      ]);
    });

    it('that nobody named is of the call: another call stores the same records again, the same call does not', async () => {
      const one = await world();
      const batches = [
        await one.json(SUBMIT, 0, TWO),
        await one.json(SUBMIT, 0, TWO),
        await one.json(`${SUBMIT} --run-id call-1`, 0, TWO),
        await one.json(`${SUBMIT} --run-id call-1`, 0, TWO),
        await one.json(`${SUBMIT} --run-id call-1`, 0, '{"job_id":"c"}'),
      ].map(({ batch_id }) => batch_id);
      expect(new Set(batches).size).toBe(4);
      expect(batches[2]).toBe(batches[3]);
      expect(await stored(one)).toHaveLength(7);
    });
  });

  it('lists the numbers of the records on stdout, and nothing else there', async () => {
    const { run } = await world();
    await run(SUBMIT, '{"job_id":"x"}');
    const { code, stdout, stderr } = await run(`${SUBMIT} --print-ids`, TWO);
    expect([code, stdout]).toEqual([0, '2\n3\n']);
    expect(stderr).toContain('2 records handed over');
    const quiet = await run(`${SUBMIT} --print-ids --json --quiet`, TWO);
    expect(quiet.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(quiet.json.details).toEqual({ staging_ids: [4, 5] });
  });

  it('has nothing to do where there is no record', async () => {
    const one = await world();
    for (const input of ['', '\n \r\n', '[ ]', '\ufeff']) {
      const result = await one.json(`${SUBMIT} --batch-id page-1 --print-ids`, 0, input);
      expect(result).toMatchObject({ status: 'skipped', records: { submitted: 0 } });
      expect(result.message).toBe('No record was handed over; nothing was stored.');
    }
    // The batch is still free.
    await one.json(`${SUBMIT} --batch-id page-1`, 0, TWO);
    expect(await stored(one)).toHaveLength(2);
  });

  it('checks everything in a dry run, and stores nothing', async () => {
    const one = await world();
    const before = listing(one.root);
    const result = await one.json(`${SUBMIT} --dry-run`, 0, TWO);
    expect(result).toMatchObject({ status: 'done', records: { submitted: 2 } });
    expect(result.message).toBe('Would store 2 records; all are JSON.');
    await one.json(`${SUBMIT} --dry-run`, 3, '{');
    expect(listing(one.root)).toEqual(before);
    expect(await stored(one)).toEqual([]);
  });
});

describe('records submit', () => {
  it('says what it lacks, and who takes no records', async () => {
    const { json } = makeWorld(files);
    const lacking = await json('records submit --dataset postings', 2);
    expect(lacking.message).toBe('records submit needs --run, --actor.');
    expect((await json(SUBMIT.replace('postings', 'regions'), 2)).message).toContain('takes no records');
    expect((await json(SUBMIT.replace('postings', 'posting'), 2)).message).toContain(
      "did you mean 'postings'?",
    );
    expect((await json(`${SUBMIT} gone.json`, 2)).message).toBe("There is no file 'gone.json'.");
    expect((await json(`${SUBMIT} data`, 2)).message).toBe("There is no file 'data'.");
  });

  it('stores long records too, of which the engine must have more in memory than of short ones', async () => {
    const one = makeWorld(files);
    const long = `{"job_id":"a","text":"${'ä'.repeat(500_000)}"}\n`;
    const { records } = await one.json(SUBMIT, 0, Buffer.from(long.repeat(140)));
    expect(records).toEqual({ submitted: 140 });
    const rows = await one.query(
      'SELECT count(*) AS n, min(length(CAST(raw_data AS VARCHAR))) AS shortest FROM stage.postings_records',
    );
    expect(rows).toEqual([{ n: '140', shortest: String(long.length - 1) }]);
  });

  it('makes the embedded warehouse where there is none yet', async () => {
    const one = makeWorld({ ...files, noWarehouse: true });
    await one.json(SUBMIT, 0, TWO);
    expect(await stored(one)).toHaveLength(2);
  });

  it.runIf(ENGINES.includes('PostgreSQL'))(
    'stops before it reads where a server is not migrated',
    async () => {
      const databaseUrl = (await emptyDatabase()) as string;
      const { message, hint } = await makeWorld({ ...files, databaseUrl }).json(SUBMIT, 2, '{');
      expect([message, hint]).toEqual([
        expect.stringContaining('not prepared'),
        expect.stringContaining('tidemark migrate'),
      ]);
    },
  );

  it('writes into schemas of other names', async () => {
    const config = `${RECORDS_CONFIG}schemas: {stage: landing, meta: books}\n`;
    const one = makeWorld({ config, noWarehouse: true });
    const { details } = await one.json(`${SUBMIT} --print-ids`, 0, TWO);
    expect(details).toEqual({ staging_ids: [1, 2] });
    expect(await stored(one, 'landing.postings_records')).toHaveLength(2);
  });
});
