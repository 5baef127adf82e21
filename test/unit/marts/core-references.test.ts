import { describe, expect, it } from 'vitest';
import { redirectCore } from '../../../src/marts/core-references.ts';

const TABLES = new Set(['citizens', 'regions']);
const redirect = (text: string) => redirectCore(text, TABLES, 'pg_temp');

describe('references to core tables', () => {
  it.each([
    ['a plain name', 'FROM core.citizens c', 'FROM pg_temp."citizens" c'],
    ['the live view', 'FROM core.citizens_live', 'FROM pg_temp."citizens_live"'],
    ['quoted names', 'FROM "core" . "citizens"', 'FROM pg_temp."citizens"'],
    ['names in capitals', 'FROM CORE.Citizens', 'FROM pg_temp."citizens"'],
    [
      'a column named in full',
      'core.citizens.region = core.regions."code"',
      'pg_temp."citizens".region = pg_temp."regions"."code"',
    ],
  ])('are led elsewhere: %s', (_, text, expected) => {
    expect(redirect(text).text).toBe(expected);
  });

  it.each([
    ['a table nobody promotes into', 'FROM core.others'],
    ['another schema', 'FROM stage.citizens'],
    ['another database', 'FROM other.core.citizens.id'],
    ['a string', "SELECT 'core.citizens', $$core.citizens$$"],
    ['a quoted name in capitals', 'FROM "CORE"."Citizens"'],
    ['a longer name', 'FROM score.citizens, core.citizens_old'],
  ])('leave alone: %s', (_, text) => {
    expect(redirect(text)).toEqual({ text, references: [] });
  });

  it('are tables alone: an alias called core keeps its columns, whatever they are called', () => {
    const told = redirect(
      'SELECT core.regions, core.citizens FROM core.regions AS core WHERE f(core.citizens)',
    );
    expect(told.text).toBe(
      'SELECT core.regions, core.citizens FROM pg_temp."regions" AS core WHERE f(core.citizens)',
    );
    expect(told.references).toEqual([{ name: 'regions', table: 'regions' }]);
  });

  it('are told once, by the name used', () => {
    expect(redirect('core.citizens JOIN core.citizens JOIN core.citizens_live').references).toEqual([
      { name: 'citizens', table: 'citizens' },
      { name: 'citizens_live', table: 'citizens' },
    ]);
  });
});
