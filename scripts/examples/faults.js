/**
 * What goes wrong when people type: each line below is one cell or row of the first June delivery of the register.
 * Row 0 is the first data row; columns are A to I.
 */
const CITIZEN_FAULTS = [
  { row: 41, column: 'A', value: (sheet, first) => sheet.getCell(`A${first + 40}`).value, why: 'an ID that stands twice' },
  { row: 87, column: 'E', value: 'NRO', why: 'a region that does not exist' },
  { row: 88, column: 'E', value: 'CX', why: 'another one' },
  { row: 133, column: 'D', value: '31/06/1984', why: 'a day that is not in the calendar' },
  { row: 134, column: 'D', value: '14 March 1962', why: 'a date typed as text in a form of its own' },
  { row: 210, column: 'D', value: null, why: 'a required value left blank' },
  { row: 266, column: 'G', value: '2,400 per month', why: 'a number with words' },
  { row: 267, column: 'G', value: 'unknown', why: 'a word where a number belongs' },
  { row: 340, column: 'G', value: -1250.5, why: 'a negative income' },
  { row: 415, column: 'C', value: 'N31201', why: 'a national ID cut short' },
  { row: 502, column: 'C', value: (sheet, first) => sheet.getCell(`C${first + 501}`).value, why: 'a national ID of another' },
  { row: 618, column: 'F', value: 'maried', why: 'a typing error' },
  { row: 704, column: 'H', value: 'maybe', why: 'neither yes nor no' },
  { row: 777, column: 'D', value: new Date('2052-03-01T00:00:00Z'), why: 'born in the future' },
  { row: 865, column: 'I', value: new Date('2025-05-31T00:00:00Z'), why: 'a row left over from last month' },
  { row: 940, column: 'G', value: { error: '#REF!' }, why: 'a formula that broke' },
  // Not faults: cleaned on the way, and counted in the report.
  { row: 300, column: 'E', value: ' so ', why: 'blanks and small letters' },
  { row: 301, column: 'F', value: 'Married', why: 'a capital letter' },
  { row: 302, column: 'B', value: 'Vera  Lind ', why: 'blanks inside' },
];

/** A few bad rows among thousands: within `accept.max_rejected`, so the file passes and they are put aside. */
const PAYMENT_FAULTS = [
  { row: 12, column: 'E', value: 'to be confirmed', why: 'no amount yet' },
  { row: 640, column: 'B', value: 999999, why: 'a citizen the register does not have' },
  { row: 1503, column: 'D', value: 'housng', why: 'a typing error' },
  { row: 2001, column: 'E', value: 2890.4, why: 'unusually high: a warning' },
];

export function putCitizenFaults(sheet, firstRow) {
  put(sheet, firstRow, CITIZEN_FAULTS);
}

export function putPaymentFaults(sheet, firstRow) {
  put(sheet, firstRow, PAYMENT_FAULTS);
}

function put(sheet, firstRow, faults) {
  for (const { row, column, value } of faults) {
    sheet.getCell(`${column}${firstRow + row}`).value = typeof value === 'function' ? value(sheet, firstRow) : value;
  }
}
