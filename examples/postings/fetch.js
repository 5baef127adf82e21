// Stands in for the fetcher of a bank's career site: prints what it has found, one JSON record a line.
// Seeded: the same records on every machine.
//   node fetch.js monday     120 postings, five of them wrong, three of them twice
//   node fetch.js tuesday    the same site a day later: 10 new postings, 20 with another text
const TITLES = ['Credit Analyst', 'Branch Manager', 'Data Engineer', 'Compliance Officer', 'Teller', 'Auditor'];
const CITIES = ['Oslo', 'Bergen', 'Tromsø', 'Bodø', 'Ålesund'];

const [day] = process.argv.slice(2);
if (day !== 'monday' && day !== 'tuesday') {
  console.error('Which day? monday or tuesday.');
  process.exit(2);
}

/** Mulberry32: a small generator of numbers between 0 and 1, the same from the same seed. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function posting(n) {
  const next = numbers(20260000 + n);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const title = pick(TITLES);
  const salary = 3000 + Math.floor(next() * 500) * 10;
  return {
    job_id: `J-${String(10_000 + n)}`,
    // Some pages give the salary as a text; others give none.
    job: { title, ...(n % 7 === 0 ? {} : { salary: n % 3 === 0 ? `${salary}.50` : salary }) },
    places: n % 11 === 0 ? [] : [{ 'city name': pick(CITIES), country: 'NO' }],
    posted: `2026-01-${String(1 + (n % 28)).padStart(2, '0')}`,
    fetched_by: 'career-site/1.4',
  };
}

const records = [];
if (day === 'monday') {
  for (let n = 0; n < 120; n++) records.push(posting(n));
  delete records[17].job.title;
  records[34].job.title = 'Head of everything that has to do with customers, branches and the people in them, of course';
  records[51].job.salary = 'by agreement';
  records[68].posted = '2026-02-31';
  records[85].job_id = '85';
  for (const n of [3, 40, 99]) records.push(posting(n));
} else {
  for (let n = 0; n < 130; n++) {
    const found = posting(n);
    if (n % 6 === 2 && n < 120) found.job.title = `Senior ${found.job.title}`;
    records.push(found);
  }
}
process.stdout.write(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
