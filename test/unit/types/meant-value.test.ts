import { expect, test } from 'vitest';
import { meantValue } from '../../../src/types/meant-value.ts';
import { datasetOf } from '../validation/validate-text.ts';

const number = datasetOf([{ name: 'v', type: 'number', precision: 12, scale: 2 }]).fields[0]!;

test.each(['5 kg', '€ 5', 'EUR 5', '5 kr.'])('a unit or currency beside a number is left out: %s', (text) => {
  expect(meantValue(number, text)).toBe('5');
});

test.each(['1.2m', '1.2 bn', '5k', '5 mio', '5 cr', 'ABC5', '5 INV'])(
  'a number that letters make another one is nobody’s to guess: %s',
  (text) => expect(meantValue(number, text)).toBeNull(),
);
