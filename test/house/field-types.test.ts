import { describe, expect, it } from 'vitest';
import { TYPES } from '../../src/types/registry.ts';
import { filesBelow, read } from './repository.ts';

const NAMES = TYPES.map(({ name }) => name).join('|');
/** `field.type === 'date'`, and lists with names of types that mean nothing else. */
const ASKED = new RegExp(`\\btype\\b[^'\\n]{0,12}[!=]==\\s*'(?:${NAMES})'|'(?:integer|datetime|yearmonth)'`);

describe('types of fields', () => {
  it('are asked for their parts: no other room knows one by its name', () => {
    const others = filesBelow('src', '.ts').filter(
      (file) => !file.startsWith('src/types/') && !file.startsWith('src/warehouse/duckdb/'),
    );
    const wrong = others.flatMap((file) => {
      const lines = read(file).split('\n');
      return lines.filter((line) => ASKED.test(line)).map((line) => `${file}: ${line.trim()}`);
    });
    expect(wrong).toEqual([]);
  });

  it('would be found if they were', () => {
    expect("if (field.type === 'date') return null;").toMatch(ASKED);
    expect("const DATED = ['yearmonth', 'year'];").toMatch(ASKED);
    expect("if (typeof value === 'string') return null;").not.toMatch(ASKED);
  });
});
