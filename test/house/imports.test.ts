import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, read } from './repository.ts';

/** What a room may know that works with the log tables. */
const LOG = ['errors', 'domain', 'types', 'sql', 'config', 'lake', 'warehouse', 'ledger'];

const STEPS = [
  ...LOG,
  'readers',
  'gate',
  'validation',
  'loading',
  'corrections',
  'promotion',
  'comparison',
  'marts',
  'trace',
  'retention',
  'reports',
  'records',
];

/**
 * Which rooms of src/ a room may import, besides itself. Data flows one way, and so do imports; types count, because a
 * type that is imported is a room that is known. ARCHITECTURE.md draws the same table.
 */
const ALLOWED: Record<string, readonly string[]> = {
  sql: [],
  errors: [],
  domain: ['errors'],
  types: ['errors', 'domain', 'sql'],
  checks: ['errors', 'domain', 'sql', 'types'],
  config: ['errors', 'domain', 'types', 'checks'],
  readers: ['errors', 'domain', 'types', 'config'],
  lake: ['errors', 'domain', 'types', 'config'],
  warehouse: ['errors', 'domain', 'types', 'sql', 'config', 'lake'],
  ledger: ['errors', 'domain', 'types', 'sql', 'config', 'lake', 'warehouse'],
  gate: [...LOG, 'checks', 'readers'],
  validation: [...LOG, 'checks', 'readers', 'gate', 'reports'],
  corrections: [...LOG, 'checks', 'readers', 'validation'],
  loading: [...LOG],
  promotion: [...LOG],
  records: [...LOG, 'checks', 'readers', 'validation', 'promotion'],
  marts: [...LOG, 'promotion'],
  reports: ['errors', 'domain', 'types', 'sql', 'config', 'readers', 'lake'],
  comparison: [...LOG, 'promotion', 'reports'],
  retention: [...LOG, 'promotion'],
  trace: [...LOG, 'readers', 'gate', 'promotion', 'marts', 'records'],
  steps: STEPS,
  lineage: ['errors', 'domain', 'types', 'sql', 'config', 'lake', 'warehouse', 'steps'],
  pipeline: [...STEPS, 'checks', 'steps', 'lineage'],
  cli: [...STEPS, 'steps', 'lineage', 'pipeline'],
};

/** Packages that have one door each: nothing outside these folders imports them. */
const DOORS: Record<string, readonly string[]> = {
  '@duckdb/node-api': ['src/warehouse/', 'src/validation/', 'src/marts/parquet-scan.ts'],
  pg: ['src/warehouse/postgres/'],
  'pg-copy-streams': ['src/warehouse/postgres/'],
  knex: ['src/warehouse/'],
  exceljs: ['src/marts/', 'src/reports/', 'src/comparison/diff-workbook.ts'],
  'apache-arrow': ['src/marts/'],
  commander: ['src/cli/'],
  zod: ['src/config/', 'src/checks/'],
  yaml: ['src/config/', 'src/pipeline/draft/'],
};

/** What steps share; every other file of src/steps is a step, which no file of that folder imports. */
const BESIDE_STEPS = [
  'records-preview',
  'records-seen',
  'records-told',
  'report-refused',
  'rollback-told',
  'seen',
  'step',
  'transform-seen',
  'transform-told',
  'unit-of-error',
];

interface Import {
  readonly file: string;
  readonly target: string;
}

const imports: readonly Import[] = filesBelow('src', '.ts').flatMap((file) =>
  [...read(file).matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)['"]([^'"\n]+)['"]/g)].map((found) => ({
    file,
    target: found[1] as string,
  })),
);
const inside = imports
  .filter(({ target }) => target.startsWith('.'))
  .map(({ file, target }) => ({ file, target: posix.join(posix.dirname(file), target) }));
const room = (path: string) => path.split('/')[1] as string;

describe('imports', () => {
  it('are found at all', () => {
    expect(inside.length).toBeGreaterThan(100);
    expect(inside.every(({ target }) => target.startsWith('src/'))).toBe(true);
  });

  it('lead from a room only to the rooms it may know', () => {
    const wrong = inside.filter(
      ({ file, target }) => room(file) !== room(target) && !ALLOWED[room(file)]?.includes(room(target)),
    );
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it('never lead from one step to another', () => {
    const shared = BESIDE_STEPS.map((name) => `src/steps/${name}.ts`);
    const folder = filesBelow('src/steps', '.ts');
    expect(shared.filter((file) => !folder.includes(file))).toEqual([]);
    const steps = new Set(folder.filter((file) => !shared.includes(file)));
    const wrong = inside.filter(({ file, target }) => room(file) === 'steps' && steps.has(target));
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it('name an engine nowhere but in open-warehouse.ts and in the engine’s own folder', () => {
    const engine = (path: string) => /^src\/warehouse\/(duckdb|postgres)\//.exec(path)?.[1];
    const wrong = inside.filter(
      ({ file, target }) =>
        engine(target) !== undefined &&
        engine(file) !== engine(target) &&
        file !== 'src/warehouse/open-warehouse.ts',
    );
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it('reach each package through its own door', () => {
    const wrong = imports.filter(({ file, target }) => {
      const doors = DOORS[target];
      return doors !== undefined && !doors.some((door) => file.startsWith(door));
    });
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it('write the ending .ts, which Node and the type checker both take as it stands', () => {
    expect(inside.filter(({ target }) => !target.endsWith('.ts'))).toEqual([]);
  });
});

describe('steps', () => {
  it('read no arguments, environment or clock, and do not end the process', () => {
    const forbidden = /process\.(argv|env|exit)|new Date\(\)|Date\.now\(/;
    const wrong = filesBelow('src/steps', '.ts').filter((file) => forbidden.test(read(file)));
    expect(wrong).toEqual([]);
  });
});
