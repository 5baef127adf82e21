import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleaved, median } from '../bench.js';
import { PERIOD, paymentsCsv } from '../payments.js';
import { makePipeline } from '../pipeline.js';
import { seconds } from '../results.js';
import { runTimed } from '../run-timed.js';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The whole validate of a workbook against what exceljs takes to stream its rows and do nothing with them. */
export const validateXlsx = {
  name: 'validate-xlsx',
  async run(bench) {
    const rows = bench.rows(100_000);
    const csv = await paymentsCsv(bench, rows);
    const file = join(bench.work, `payments-${rows}.xlsx`);
    if (!existsSync(file)) await runTimed(process.execPath, [join(FOLDER, 'make-xlsx.js'), csv, file]);
    const name = `payments_${PERIOD}.xlsx`;
    const times = await interleaved(bench.rounds, {
      async product() {
        const pipeline = makePipeline(bench, { file, name });
        await pipeline.run(`ingest --period ${PERIOD} --quiet`);
        const { ms } = await pipeline.run(`validate --period ${PERIOD} --quiet`);
        rmSync(pipeline.root, { recursive: true });
        return ms;
      },
      async peer() {
        return (await runTimed(process.execPath, [join(FOLDER, 'peers', 'exceljs-read.js'), file])).ms;
      },
    });
    const [product, peer] = [median(times.product), median(times.peer)];
    return [
      {
        what: `validate, XLSX of ${rows.toLocaleString('en')} × 10`,
        product: seconds(product),
        peer: `${seconds(peer)}: exceljs streaming, reading alone`,
        ratio: product / peer,
        limit: 1,
        below: true,
      },
    ];
  },
};
