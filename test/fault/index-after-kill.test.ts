import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { raw } from '../../src/sql/sql.ts';
import { openWarehouse } from '../../src/warehouse/open-warehouse.ts';

const ENGINE = pathToFileURL(join(process.cwd(), 'node_modules/@duckdb/node-api/lib/index.js')).href;
const DELETES_AND_DIES = `
  import { DuckDBInstance } from ${JSON.stringify(ENGINE)};
  const connection = await (await DuckDBInstance.create(process.argv[1])).connect();
  for (const statement of ['CREATE SCHEMA core', 'CREATE TABLE core.t (k BIGINT)', 'CREATE UNIQUE INDEX i ON core.t (k)',
    'INSERT INTO core.t SELECT * FROM range(5000)', 'CHECKPOINT', 'DELETE FROM core.t WHERE k % 3 = 0'])
    await connection.run(statement);
  process.kill(process.pid, 'SIGKILL');
`;

describe('the embedded warehouse after a kill', () => {
  it('takes keys again whose rows were deleted just before, also once it was opened for something else', async () => {
    const root = mkdtempSync(join(tmpdir(), 'tidemark-index-'));
    const file = join(root, 'warehouse.duckdb');
    try {
      expect(() =>
        execFileSync(process.execPath, ['--input-type=module', '-e', DELETES_AND_DIES, file]),
      ).toThrow(/SIGKILL|Command failed/);
      const open = () =>
        openWarehouse(`duckdb:${file}`, { projectRoot: root, environment: {}, lockTimeoutMs: 5000 });
      const other = open();
      await other.transaction((session) => session.execute(raw('CREATE TABLE core.u (i INTEGER)')));
      await other.close();
      const warehouse = open();
      const inserted = await warehouse.transaction((session) =>
        session.execute(raw('INSERT INTO core.t SELECT * FROM range(5000) AS r(k) WHERE k % 3 = 0')),
      );
      expect(inserted).toBe(1667);
      await warehouse.close();
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }, 60_000);
});
