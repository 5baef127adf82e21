import { describe, expect, it } from 'vitest';
import { parseMartHeader } from '../../../src/marts/mart-header.ts';

const GOOD = `
-- title: Citizens: by region
-- counted once a month; other comments may hold: colons, and https://example.org
-- grain: region_code, age
-- mode: full
-- period: quarter
-- reads: core.citizens, core.regions
-- check not_negative: total >= 0 and x::text <> ''
SELECT 1
-- mode: period
`;
const at = (text: string) => () => parseMartHeader(text, 'models/mart/m.sql');

describe('the header of a mart', () => {
  it('says what the mart is', () => {
    expect(parseMartHeader(GOOD, 'models/mart/m.sql')).toEqual({
      title: 'Citizens: by region',
      grain: ['region_code', 'age'],
      mode: 'full',
      periodKind: 'quarter',
      reads: ['citizens', 'regions'],
      checks: [{ name: 'not_negative', expression: "total >= 0 and x::text <> ''", line: 8 }],
    });
  });

  it('is by the month where it does not say', () => {
    const text = '-- grain: none\n-- mode: period\n-- reads: core.a\nSELECT 1';
    expect(parseMartHeader(text, 'm')).toMatchObject({
      periodKind: 'month',
      grain: [],
      title: null,
      checks: [],
    });
  });

  it.each([
    ['-- grian: a', "models/mart/m.sql:1: unknown key 'grian' in the header; did you mean 'grain'?"],
    [
      '-- chekc total: a > 0',
      "models/mart/m.sql:1: unknown key 'chekc total' in the header; did you mean 'check'?",
    ],
    ['-- check no total: a > 0', "models/mart/m.sql:1: 'check no total' is not a key"],
    ['-- note: nothing', "models/mart/m.sql:1: unknown key 'note' in the header; known are title, grain"],
    ['-- mode: full\n-- reads: core.a', "models/mart/m.sql:1: the header lacks '-- grain: …'."],
    [
      '-- grain: a\n-- mode: ful\n-- reads: core.a',
      "models/mart/m.sql:2: 'mode' is one of period, full, not 'ful'",
    ],
    ['-- grain: a\n-- grain: b', "models/mart/m.sql:2: 'grain' is there twice"],
    [
      '-- grain: a,\n-- mode: full\n-- reads: core.a',
      "models/mart/m.sql:1: 'grain' is a list divided by commas",
    ],
    ['-- grain: a\n-- mode: full\n-- reads: stage.a', 'models/mart/m.sql:3: a mart reads core tables'],
    [
      '-- grain: a\n-- mode: full\n-- reads: core.a\n-- check: a > 0',
      'models/mart/m.sql:4: a check has a name',
    ],
    ['-- grain:', "models/mart/m.sql:1: 'grain' has no value"],
  ])('is refused, with its line, where it reads %j', (text, message) => {
    expect(at(`${text}\nSELECT 1`)).toThrow(message);
  });
});
