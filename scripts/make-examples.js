// Makes the example deliveries under data/landed: a list of regions, a register of citizens and benefit payments for
// three months. Fixed seed, fixed dates, fixed zip times: the same bytes on every machine and in every time zone.
//   node scripts/make-examples.js [DIR]     DIR is data/landed where not given
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { makeMonths } from './examples/people.js';
import { citizensCsv, citizensWorkbook, paymentsCsv, paymentsWorkbook } from './examples/files.js';
import { REGIONS } from './examples/names.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Path under landed → bytes. */
export async function makeExamples() {
  const [april, may, june] = makeMonths(['2025-04', '2025-05', '2025-06']);
  const files = new Map([
    ['reference/regions.csv', regionsCsv()],
    ['2025-04/citizens_2025-04.xlsx', await citizensWorkbook(april)],
    ['2025-04/payments_2025-04.xlsx', await paymentsWorkbook(april)],
    ['2025-05/citizens_2025-05.csv', citizensCsv(may)],
    ['2025-05/payments_202505.csv', paymentsCsv(may)],
    ['2025-06/citizens_2025-06_v1.xlsx', await citizensWorkbook(june, { faulty: true })],
    ['2025-06/citizens_2025-06_v2.xlsx', await citizensWorkbook(june)],
    ['2025-06/payments_2025-06.xlsx', await paymentsWorkbook(june, { faulty: true })],
  ]);
  return files;
}

function regionsCsv() {
  const rows = REGIONS.map(({ code, name, capital, area }) => `${code};${name};${capital};${area}`);
  return Buffer.from(`code;name;capital;Area (km²)\r\n${rows.join('\r\n')}\r\n`, 'utf8');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const target = process.argv[2] ?? join(root, 'data', 'landed');
  for (const [path, bytes] of await makeExamples()) {
    const to = join(target, path);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, bytes);
    console.log(`${path}  ${bytes.length} bytes`);
  }
}
