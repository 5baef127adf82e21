import { putCitizenFaults, putPaymentFaults } from './faults.js';
import { newWorkbook, workbookBytes } from './workbook.js';

const CITIZEN_HEADERS = [
  'Citizen ID', 'Name', 'National ID', 'Date of birth', 'Region', 'Marital status', 'Monthly income', 'Active',
  'Extract date',
];
const PAYMENT_HEADERS = ['Payment ID', 'Citizen ID', 'Region', 'Benefit', 'Amount', 'Paid on'];
const MONTHS = { '04': 'April', '05': 'May', '06': 'June' };

/** The register as its office saves it: title rows, real dates and numbers, a total and a source line below. */
export async function citizensWorkbook({ month, lastDay, people }, { faulty = false } = {}) {
  const workbook = newWorkbook();
  const notes = workbook.addWorksheet('Read me');
  notes.addRows([['Citizens register'], ['The register is on the sheet Citizens; one row a person.']]);
  const sheet = workbook.addWorksheet('Citizens', { views: [{ state: 'frozen', ySplit: 3 }] });
  sheet.columns = [12, 24, 13, 14, 8, 15, 15, 8, 13].map((width) => ({ width }));
  sheet.addRow([`Citizens register, ${monthName(month)}`]).font = { bold: true, size: 14 };
  sheet.addRow([]);
  const headers = [...CITIZEN_HEADERS];
  if (faulty) headers[0] = 'Citizen No.';
  sheet.addRow(headers).font = { bold: true };
  for (const person of people) {
    sheet.addRow([
      person.id,
      person.name,
      person.national,
      day(person.born),
      person.region,
      person.status,
      person.income === null ? 'N/A' : person.income / 100,
      person.active ? 'yes' : 'no',
      day(lastDay),
    ]);
  }
  const last = sheet.rowCount;
  sheet.getColumn(4).numFmt = 'dd/mm/yyyy';
  sheet.getColumn(7).numFmt = '#,##0.00';
  sheet.getColumn(9).numFmt = 'dd/mm/yyyy';
  const total = people.reduce((sum, person) => sum + (person.income ?? 0), 0) / 100;
  sheet.addRow(['Total', people.length, null, null, null, null, { formula: `SUM(G4:G${last})`, result: total }]);
  sheet.addRow(['Source: national registry office']);
  if (faulty) putCitizenFaults(sheet, 4);
  return workbookBytes(workbook);
}

export function citizensCsv({ lastDay, people }) {
  const lines = people.map((person) =>
    [
      person.id,
      person.name,
      person.national,
      slashed(person.born),
      person.region,
      person.status,
      person.income === null ? 'N/A' : quotedMoney(person.income),
      person.active ? 'yes' : 'no',
      slashed(lastDay),
    ].join(','),
  );
  return Buffer.from(`\uFEFF${CITIZEN_HEADERS.join(',')}\r\n${lines.join('\r\n')}\r\n`, 'utf8');
}

export async function paymentsWorkbook({ month, payments }, { faulty = false } = {}) {
  const workbook = newWorkbook();
  const sheet = workbook.addWorksheet('Payments', { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = [14, 12, 8, 14, 12, 12].map((width) => ({ width }));
  sheet.addRow(PAYMENT_HEADERS).font = { bold: true };
  for (const { id, person, benefit, cents, day: on } of payments) {
    sheet.addRow([id, person.id, person.region, benefit, cents / 100, day(on)]);
  }
  const last = sheet.rowCount;
  sheet.getColumn(5).numFmt = '#,##0.00';
  sheet.getColumn(6).numFmt = 'yyyy-mm-dd';
  const total = payments.reduce((sum, payment) => sum + payment.cents, 0) / 100;
  sheet.addRow([`Total ${monthName(month)}`, null, null, null, { formula: `SUM(E2:E${last})`, result: total }]);
  if (faulty) putPaymentFaults(sheet, 2);
  return workbookBytes(workbook);
}

export function paymentsCsv({ payments }) {
  const lines = payments.map(({ id, person, benefit, cents, day: on }) =>
    [id, person.id, person.region, benefit, (cents / 100).toFixed(2), on].join(','),
  );
  return Buffer.from(`${PAYMENT_HEADERS.join(',')}\n${lines.join('\n')}\n`, 'utf8');
}

function day(iso) {
  return new Date(`${iso}T00:00:00Z`);
}

function slashed(iso) {
  return iso.split('-').reverse().join('/');
}

function quotedMoney(cents) {
  const [whole, part] = (cents / 100).toFixed(2).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return grouped.includes(',') ? `"${grouped}.${part}"` : `${grouped}.${part}`;
}

function monthName(month) {
  return `${MONTHS[month.slice(5)]} ${month.slice(0, 4)}`;
}
