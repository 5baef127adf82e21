import { describe, expect, it } from 'vitest';
import { writeWords } from '../../../src/cli/write-words.ts';
import {
  combineResults,
  type ResultInit,
  ROW_COUNTS,
  type StepResult,
  stepResult,
  worstExitCode,
} from '../../../src/domain/result.ts';
import { resultJson } from '../../../src/domain/result-json.ts';

const unit = (init: Partial<ResultInit> = {}): StepResult =>
  stepResult({ step: 'load-stage', status: 'done', ...init });

describe('a result', () => {
  it.each([
    ['done', 0],
    ['skipped', 0],
    ['failed', 1],
    ['usage', 2],
    ['refused', 3],
    ['blocked', 4],
    ['retry', 5],
    ['interrupted', 130],
  ] as const)('%s ends with exit code %d', (status, code) => expect(unit({ status }).exitCode).toBe(code));

  it('has null where nothing is known', () => {
    const result = unit({ rows: { read: 0 } });
    expect(result.rows).toEqual({
      ...Object.fromEntries(ROW_COUNTS.map((name) => [name, null])),
      read: 0,
    });
    expect(result).toMatchObject({ dataset: null, period: null, fileId: null, message: null, hint: null });
  });
});

describe('the exit code of several', () => {
  it.each([
    [[0, 4, 3], 3],
    [[4, 0], 4],
    [[3, 5], 5],
    [[5, 2], 2],
    [[2, 1], 1],
    [[0, 0], 0],
    [[], 0],
    [[4, 3, 5, 2, 1, 0], 1],
  ])('%j is %d', (codes, worst) => expect(worstExitCode(codes)).toBe(worst));
});

describe('several results as one', () => {
  it('adds counts up and leaves unknown ones null', () => {
    const combined = combineResults('load-stage', [
      unit({ dataset: 'a', rows: { inserted: 2, deleted: 1 } }),
      unit({ dataset: 'b', rows: { inserted: 3 } }),
    ]);
    expect(combined.rows).toMatchObject({ inserted: 5, deleted: 1, accepted: null });
    expect(combined).toMatchObject({ status: 'done', exitCode: 0, dataset: null });
    expect(combined.results).toHaveLength(2);
  });

  it('says what the worst of them says', () => {
    const combined = combineResults('load-stage', [
      unit({ dataset: 'a', status: 'blocked', message: 'a guard', hint: 'accept it' }),
      unit({ dataset: 'b', status: 'refused', message: 'a bad file', hint: 'fix it' }),
      unit({ dataset: 'c' }),
    ]);
    expect(combined).toMatchObject({
      status: 'refused',
      exitCode: 3,
      message: 'a bad file',
      hint: 'fix it',
    });
  });

  it('is nothing to do where all had nothing to do, or there were none', () => {
    const idle = unit({ status: 'skipped' });
    expect(combineResults('run', [idle, idle])).toMatchObject({ status: 'skipped', exitCode: 0 });
    expect(combineResults('run', [], { emptyMessage: 'No dataset.' })).toMatchObject({
      status: 'skipped',
      message: 'No dataset.',
    });
    expect(combineResults('run', [idle, unit()])).toMatchObject({ status: 'done' });
  });

  it('is the single one where there is one', () => {
    const only = unit({ dataset: 'a', period: '2025-06', fileId: 7, message: 'x' });
    expect(combineResults('load-stage', [only])).toEqual(only);
  });

  it('names the dataset where all are of one', () => {
    const of = (dataset: string) => unit({ dataset });
    expect(combineResults('validate', [of('a'), of('a')]).dataset).toBe('a');
    expect(combineResults('validate', [of('a'), of('b')]).dataset).toBeNull();
  });
});

describe('the result line', () => {
  const MEMBERS = [
    ...['schema', 'step', 'status', 'exit_code', 'run_id', 'dataset', 'period', 'file_id', 'rows'],
    ...['outputs', 'findings', 'message', 'hint', 'results'],
  ];

  it('has the members of the contract, in its order', () => {
    const line = resultJson(unit({ fileId: 3, outputs: ['a.parquet'] }), 'run-1', writeWords);
    expect(Object.keys(line)).toEqual(MEMBERS);
    expect(Object.keys(line.rows as object)).toEqual([...ROW_COUNTS]);
    expect(Object.keys(line.findings as object)).toEqual(['error', 'warning', 'info']);
    expect(line).toMatchObject({ schema: 'tidemark.result.v1', exit_code: 0, run_id: 'run-1', file_id: 3 });
  });

  it('has the units under results, each as the whole is but for the schema', () => {
    const line = resultJson(
      combineResults('run', [unit({ dataset: 'a' }), unit({ dataset: 'b' })]),
      'r',
      writeWords,
    );
    const [first] = line.results as Record<string, unknown>[];
    expect(Object.keys(first as object)).toEqual(MEMBERS.filter((name) => name !== 'schema'));
    expect(first).toMatchObject({ dataset: 'a', run_id: 'r', results: [] });
  });
});
