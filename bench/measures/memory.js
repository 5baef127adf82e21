import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PERIOD, paymentsCsv } from '../payments.js';
import { makePipeline } from '../pipeline.js';
import { megabytes, seconds } from '../results.js';
import { runTimed } from '../run-timed.js';

const LIMIT_BYTES = 700e6;
const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The most memory the whole validating process holds, DuckDB included: text of 1 and of 10 million rows, a workbook of 1. */
export const memory = {
  name: 'memory',
  async run(bench) {
    const found = [];
    for (const full of [1_000_000, 10_000_000]) {
      const rows = bench.rows(full);
      found.push(await peakOf(bench, { rows, what: 'rows', file: await paymentsCsv(bench, rows) }));
    }
    const rows = bench.rows(1_000_000);
    const file = await workbookOf(bench, rows);
    found.push(await peakOf(bench, { rows, what: 'rows of a workbook', file, name: `payments_${PERIOD}.xlsx` }));
    return found;
  },
};

async function peakOf(bench, { rows, what, ...landed }) {
  const pipeline = makePipeline(bench, landed);
  await pipeline.run(`ingest --period ${PERIOD} --quiet`);
  const { ms, peakBytes } = await pipeline.runWithPeak(`validate --period ${PERIOD} --quiet`);
  rmSync(pipeline.root, { recursive: true });
  return {
    what: `validate, peak memory with ${rows.toLocaleString('en')} ${what}`,
    product: `${megabytes(peakBytes)} (${seconds(ms)})`,
    peer: megabytes(LIMIT_BYTES),
    ratio: peakBytes / LIMIT_BYTES,
    limit: 1,
  };
}

async function workbookOf(bench, rows) {
  const file = join(bench.work, `payments-${rows}.xlsx`);
  const csv = await paymentsCsv(bench, rows);
  if (!existsSync(file)) await runTimed(process.execPath, [join(FOLDER, 'make-xlsx.js'), csv, file]);
  return file;
}
