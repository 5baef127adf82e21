import fc from 'fast-check';
import { expect, test } from 'vitest';
import { datasetOf, validateText } from '../validation/validate-text.ts';

const MIN = 2;
const MAX = 3;
const dataset = datasetOf([{ name: 'code' }, { name: 'parent' }, { name: 'n', type: 'integer' }], {
  accept: { max_rejected: 100_000 },
  checks: [{ name: 'tree', hierarchy: { key: 'code', parent: 'parent', min_depth: MIN, max_depth: MAX } }],
});

/** The faults of a forest as one would find them by hand: from each row up, step by step; `first` is its first row. */
function byHand(keys: readonly string[], parents: readonly (string | null)[], first: number): string[] {
  const above = new Map(keys.map((key, i) => [key, parents[i] ?? null]));
  const faults: string[] = [];
  const add = (i: number, code: string) => faults.push(`${code} ${first + i}`);
  const deepest = new Map<string, number>();
  for (const [i, key] of keys.entries()) {
    const path = [key];
    let at = above.get(key) ?? null;
    while (at !== null && above.has(at) && !path.includes(at)) {
      path.push(at);
      at = above.get(at) ?? null;
    }
    if (at !== null && above.has(at)) add(i, 'hierarchy-loop');
    else if (at === null) {
      if (path.length > MAX) add(i, 'hierarchy-depth');
      const top = path.at(-1) as string;
      deepest.set(top, Math.max(deepest.get(top) ?? 0, path.length));
    }
    const parent = parents[i] ?? null;
    if (parent !== null && !above.has(parent)) add(i, 'hierarchy-parent');
  }
  for (const [top, depth] of deepest) if (depth < MIN) add(keys.indexOf(top), 'hierarchy-depth');
  return faults;
}

type Forest = readonly (number | null)[];
const forest = fc.array(fc.option(fc.nat(14), { freq: 3 }), { minLength: 1, maxLength: 14 });
/** Several in one file, which takes hardly longer than one. */
const forests = fc.array(forest, { minLength: 1, maxLength: 10, size: 'max' });

test('any forest, with loops and missing parents, is judged as by hand', async () => {
  const keyed = (one: Forest, f: number) => ({
    keys: one.map((_, i) => `f${f}k${i}`),
    parents: one.map((parent) => (parent === null ? null : `f${f}k${parent}`)),
  });
  await fc.assert(
    fc.asyncProperty(forests, async (list) => {
      const all = list.map(keyed);
      const lines = all.flatMap(({ keys, parents }) =>
        keys.map((key, i) => `${key},${parents[i] ?? ''},${i}\n`),
      );
      const { report, rows } = await validateText(dataset, `code,parent,n\n${lines.join('')}`);
      let first = 2;
      const expected = all.flatMap(({ keys, parents }) => {
        const faults = byHand(keys, parents, first);
        first += keys.length;
        return faults;
      });
      expect(report.findings.map(({ code, row }) => `${code} ${row}`).sort()).toEqual(expected.sort());
      expect(rows.read).toBe(lines.length);
    }),
    { numRuns: 15, seed: 4 },
  );
}, 120_000);
