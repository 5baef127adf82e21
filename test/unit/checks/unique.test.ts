import { describe, expect, test } from 'vitest';
import { datasetOf, validateText } from '../validation/validate-text.ts';

const dataset = (check: object, field: object = {}) =>
  datasetOf([{ name: 'id', type: 'integer', ...field }, { name: 'b' }], {
    accept: { max_rejected: 1000 },
    checks: [{ name: 'paid_once', ...check }],
  });
const ACROSS = { unique: { fields: 'id', across: 'periods' } };
const others = "SELECT * FROM (VALUES ('2', '2025-05'), ('3', '2025-04'), ('9', '2025-05')) AS x(k0, w)";

describe('values that may stand once', () => {
  test('together, within the delivery', async () => {
    const check = { unique: { fields: ['id', 'b'] } };
    const { told } = await validateText(dataset(check), 'id,b\n1,x\n1,y\n1,x\n,x\n,x\n');
    expect(told).toEqual(['unique-error 2:1 1, x', 'unique-error 4:1 1, x']);
  });

  test('in other periods too: rows whose value was delivered before are at fault', async () => {
    const { told, report } = await validateText(dataset(ACROSS), 'id,b\n1,x\n2,x\n3,x\n02,x\n', { others });
    expect(told).toEqual([
      'unique-error 3:1 2',
      'unique-error 5:1 02',
      'unique-across 3:1 2',
      'unique-across 4:1 3',
      'unique-across 5:1 02',
    ]);
    expect(report.findings[2]?.message).toBe("id: '2' was delivered before, in 2025-04, 2025-05.");
  });

  test('a warning keeps the rows', async () => {
    const { rows, told } = await validateText(dataset({ ...ACROSS, severity: 'warning' }), 'id,b\n2,x\n', {
      others,
    });
    expect([rows.accepted, told]).toEqual([1, ['unique-across (warning) 2:1 2']]);
  });

  test('a value that is personal data is not in the message', async () => {
    const { report } = await validateText(dataset(ACROSS, { pii: true }), 'id,b\n2,x\n', { others });
    expect(report.findings[0]).toMatchObject({
      value: '•••',
      message: 'id: the value was delivered before, in 2025-05.',
    });
  });

  test('says so where there is nothing to compare with', async () => {
    expect((await validateText(dataset(ACROSS), 'id,b\n2,x\n')).told).toEqual(['check-skipped (info) - -']);
  });
});
