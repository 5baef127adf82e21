import { FIRST_NAMES, LAST_NAMES, REGION_SHARES, REGIONS } from './names.js';
import { seeded } from './random.js';

const FIRST_COUNT = 1180;
const CODES = REGIONS.map((region) => region.code);

/** The register and the payments of each month; a month grows out of the one before. */
export function makeMonths(months) {
  const random = seeded(20250401);
  let people = Array.from({ length: FIRST_COUNT }, (_, i) => newPerson(random, i, 1930, 2024));
  const made = [];
  for (const [i, month] of months.entries()) {
    if (i > 0) people = nextMonth(random, people);
    made.push({ month, lastDay: lastDayOf(month), people, payments: makePayments(random, people, month) });
  }
  return made;
}

function newPerson(random, index, fromYear, toYear) {
  const year = random.whole(fromYear, toYear);
  const age = 2025 - year;
  return {
    // Gaps between the numbers, as in a register that has lived.
    id: 100234 + index * 7,
    name: `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`,
    national: `N${String(310003310 + index * 4799)}`,
    born: isoDay(year, random.whole(1, 12), random.whole(1, 28)),
    region: random.weighted(CODES, REGION_SHARES),
    status: age < 20 ? 'single' : random.weighted(['single', 'married', 'divorced', 'widowed'], [0.3, 0.47, 0.13, 0.1]),
    // Money is counted in cents, so that no sum ever depends on how floats are rounded.
    income: age < 18 ? (random.chance(0.02) ? 12_500 : 0) : random.chance(0.04) ? null : random.whole(140, 1240) * 500,
    active: !random.chance(0.03),
  };
}

/** A month later: some have moved, some earn more, a few have left, new ones have come. */
function nextMonth(random, people) {
  const changed = people.map((person) => {
    const next = { ...person };
    if (random.chance(0.012)) next.region = random.pick(CODES.filter((code) => code !== person.region));
    if (person.income && random.chance(0.06)) next.income = Math.round((person.income * (0.97 + random.next() * 0.1)) / 500) * 500;
    if (person.active && random.chance(0.006)) next.active = false;
    if (person.status === 'single' && person.born < '2004' && random.chance(0.008)) next.status = 'married';
    return next;
  });
  const arrivals = Array.from({ length: random.whole(14, 22) }, (_, i) => newPerson(random, people.length + i, 1950, 2025));
  return [...changed, ...arrivals.map((person) => (person.born > '2025-03' ? { ...person, born: '2025-02-11' } : person))];
}

/** Each benefit for those whom it is for; about two thousand five hundred to three thousand a month. */
function makePayments(random, people, month) {
  const year = Number(month.slice(0, 4));
  const payments = [];
  const pay = (person, benefit, cents, day) => payments.push({ person, benefit, cents, day: `${month}-${day}` });
  for (const person of people) {
    if (!person.active) continue;
    const age = year - Number(person.born.slice(0, 4));
    if (age >= 66) {
      pay(person, 'pension', random.whole(95, 210) * 1000, '03');
      pay(person, 'pension', random.whole(40, 90) * 100, '17');
    }
    if (age < 18) for (const day of ['05', '12', '19', '26']) pay(person, 'child', random.whole(55, 99) * 100, day);
    if (age >= 18 && random.chance(0.42)) pay(person, 'housing', random.whole(120, 640) * 100, random.pick(['08', '09', '10']));
    if (age >= 18 && age < 66 && random.chance(0.17)) {
      for (const day of ['02', '09', '16', '23']) pay(person, 'unemployment', random.whole(320, 620) * 50, day);
    }
  }
  return payments
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.person.id - b.person.id))
    .map((payment, i) => ({ ...payment, id: `P${month.replace('-', '')}${String(i + 1).padStart(4, '0')}` }));
}

function isoDay(year, month, day) {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function lastDayOf(month) {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}
