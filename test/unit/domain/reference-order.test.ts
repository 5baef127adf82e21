import { expect, it } from 'vitest';
import { inReferenceOrder } from '../../../src/domain/reference-order.ts';
import { dataset, field } from '../gate/dataset-for-test.ts';

const refers = (name: string, ...to: string[]) =>
  dataset([field('id')], {
    name,
    foreignKeys: to.map((each) => ({ fields: ['id'], dataset: each, referenceFields: ['id'] })),
  });
const order = (...datasets: ReturnType<typeof refers>[]) =>
  inReferenceOrder(datasets).map((each) => each.name);

it('puts what is referred to before what refers, and keeps the given order otherwise', () => {
  expect(
    order(refers('payments', 'citizens'), refers('b'), refers('citizens', 'regions'), refers('regions')),
  ).toEqual(['regions', 'citizens', 'payments', 'b']);
});

it('takes circles and self-references as they come', () => {
  expect(order(refers('a', 'b'), refers('b', 'a'), refers('c', 'c'))).toEqual(['b', 'a', 'c']);
});
