// Measures what the README promises and writes bench/results.md: one row a measure, product and peer in the same run.
//   npm run bench -- [--only NAME[,NAME]] [--rounds N] [--quick]
// --quick takes a tenth of the rows and one round: it shows that the bench works, its figures mean little.
import { parseArgs } from 'node:util';
import { openBench } from './bench.js';
import { diff } from './measures/diff.js';
import { loadDuckdb } from './measures/load-duckdb.js';
import { loadPostgres } from './measures/load-postgres.js';
import { memory } from './measures/memory.js';
import { periodCountDuckdb, periodCountPostgres } from './measures/period-count.js';
import { recordsDuckdb, recordsPostgres } from './measures/records.js';
import { status } from './measures/status.js';
import { validateCsv } from './measures/validate-csv.js';
import { validateXlsx } from './measures/validate-xlsx.js';
import { writeResults } from './results.js';

const MEASURES = [
  ...[validateCsv, loadPostgres, loadDuckdb, memory, validateXlsx],
  ...[periodCountDuckdb, periodCountPostgres, recordsDuckdb, recordsPostgres, diff, status],
];

const { values } = parseArgs({
  options: { only: { type: 'string' }, rounds: { type: 'string' }, quick: { type: 'boolean', default: false } },
});
const known = MEASURES.map((measure) => measure.name);
const only = values.only?.split(',') ?? known;
const strange = only.find((name) => !known.includes(name));
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
if (strange !== undefined || !Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(`npm run bench -- [--only ${known.join(',')}] [--rounds N] [--quick]\n`);
  process.exit(2);
}

const bench = await openBench({ rounds, quick: values.quick });
const rows = [];
try {
  for (const measure of MEASURES.filter(({ name }) => only.includes(name))) {
    process.stderr.write(`${measure.name} …\n`);
    rows.push(...(await measure.run(bench)));
  }
} finally {
  await bench.close();
}
process.stdout.write(writeResults(rows, { rounds, quick: values.quick, whole: only.length === known.length }));
