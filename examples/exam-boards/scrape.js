// Stands in for the scrapers of seven exam boards: writes what they hand over in a month into data/landed, a file of
// subjects and a file of topics for each board and qualification. Seeded: the same files on every machine.
//   node scrape.js 2025-09              everything is right
//   node scrape.js 2025-10              five scrapers hand over rubbish
//   node scrape.js 2025-10 --fixed     the same five once more, fixed
//   node scrape.js 2025-11              one board has replaced a specification
// Where data/landed is another folder: --landed DIR.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BOARDS } from './scraper/catalogue.js';
import { duplicatedSubjects, halfTheTopics, mojibake, orphanedChildren, parentLoop } from './scraper/faults.js';
import { refreshSpecification, scrapeBoard } from './scraper/scrape-board.js';

const MONTHS = ['2025-09', '2025-10', '2025-11'];
/** Which scraper fails how in October; `in` is the file that shows it. */
const FAULTS = new Map([
  ['aqa/gcse', { break: halfTheTopics, in: 'topics' }],
  ['edexcel/gcse', { break: duplicatedSubjects, in: 'subjects' }],
  ['ocr/alevel', { break: orphanedChildren, in: 'topics' }],
  ['wjec/gcse', { break: parentLoop, in: 'topics' }],
  ['sqa/higher', { break: mojibake, in: 'topics' }],
]);
const REFRESHED = { slice: 'eduqas/alevel', subject: 5, startYear: 2026, endYear: 2027, seed: 20251101 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { fixed: { type: 'boolean' }, landed: { type: 'string' } },
});
const month = MONTHS.indexOf(positionals[0]);
if (month < 0) {
  console.error(`Which month? One of ${MONTHS.join(', ')}.`);
  process.exit(2);
}
const here = dirname(fileURLToPath(import.meta.url));
const landed = join(values.landed ?? join(here, 'data', 'landed'), MONTHS[month]);
mkdirSync(landed, { recursive: true });

const written = { subjects: 0, topics: 0, files: 0 };
for (const each of BOARDS) {
  for (const qualification of each.qualifications) {
    const slice = `${each.board}/${qualification}`;
    const fault = MONTHS[month] === '2025-10' ? FAULTS.get(slice) : undefined;
    if (values.fixed && fault === undefined) continue;
    const found = foundIn(each, qualification, slice);
    const handedOver = fault && !values.fixed ? fault.break(found) : found;
    if (!values.fixed || fault.in === 'subjects') write('subjects', each.board, qualification, handedOver.subjects);
    if (!values.fixed || fault.in === 'topics') write('topics', each.board, qualification, handedOver.topics);
  }
}
console.log(`${MONTHS[month]}: ${written.files} files, ${written.subjects} subjects, ${written.topics} topics.`);

function foundIn(each, qualification, slice) {
  const found = scrapeBoard(each, qualification, month);
  if (MONTHS[month] !== '2025-11' || slice !== REFRESHED.slice) return found;
  return refreshSpecification(found, found.subjects[REFRESHED.subject].subject_code, REFRESHED);
}

function write(kind, board, qualification, rows) {
  const columns = Object.keys(rows[0]);
  const lines = [columns, ...rows.map((row) => columns.map((name) => row[name]))].map((cells) => cells.map(csvCell).join(','));
  const version = values.fixed ? '_v2' : '';
  writeFileSync(join(landed, `${kind}_${board}_${qualification}_${MONTHS[month]}${version}.csv`), `${lines.join('\n')}\n`);
  written[kind] += rows.length;
  written.files += 1;
}

function csvCell(value) {
  const text = value === null ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
