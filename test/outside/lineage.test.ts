import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lineageServer } from '../fixtures/lineage/lineage-server.ts';
import { makePipeline } from '../fixtures/pipelines/make-pipeline.ts';

const { TIDEMARK_PYTHON = 'python3', OPENLINEAGE_SPEC = '' } = process.env;

it('sends events that are valid against the schemas of OpenLineage', async () => {
  expect(
    existsSync(join(OPENLINEAGE_SPEC, 'OpenLineage.json')),
    'OPENLINEAGE_SPEC names no folder of schemas',
  ).toBe(true);
  const server = await lineageServer();
  const pipeline = makePipeline({
    config: `version: 1
datasets:
  payments:
    source: {filename: "payments_{period}.csv"}
    schema: {primaryKey: id, fields: [{name: id, type: integer}, {name: amount, type: number}]}
    accept: {max_rejected: 60%}
    core: {strategy: replace_period}
`,
    files: {
      'models/mart/total.sql':
        '-- title: Total\n-- grain: _data_period\n-- mode: full\n-- period: month\n-- reads: core.payments\nSELECT _data_period, sum(amount) AS amount FROM core.payments GROUP BY _data_period\n',
    },
    environment: { OPENLINEAGE_URL: server.url },
  });
  try {
    pipeline.land('payments_2025-06.csv', 'id,amount\n1,10.5\nx,4\n');
    pipeline.land('payments_2025-07.csv', 'id,amount\nx,1\n');
    for (const period of ['2025-06', '2025-07']) await pipeline.run(`run --period ${period}`);
    await pipeline.run('rollback --promotion 1 --yes --reason wrong --by ann');
    expect(new Set(server.events.map(({ eventType }) => eventType))).toEqual(
      new Set(['START', 'COMPLETE', 'FAIL']),
    );
    const script = join(import.meta.dirname, 'validate-events.py');
    const told = execFileSync(TIDEMARK_PYTHON, [script, OPENLINEAGE_SPEC], {
      input: server.events.map((event) => `${JSON.stringify(event)}\n`).join(''),
      encoding: 'utf8',
    });
    expect(told).toBe(`${server.events.length} events checked\n`);
  } finally {
    server.close();
    pipeline.remove();
  }
});
