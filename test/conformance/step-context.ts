import { writeWords } from '../../src/cli/write-words.ts';
import type { StepContext } from '../../src/steps/step.ts';

type Own = Pick<StepContext, 'project' | 'config' | 'warehouse' | 'runId'>;

const silent = () => {};

/** What a step gets in tests: a clock that stands still, nobody who listens, and no waiting. */
export function stepContext(own: Own, over: Partial<StepContext> = {}): StepContext {
  return {
    ...own,
    clock: () => new Date('2025-09-01T12:00:00Z'),
    log: { info: silent, warn: silent, detail: silent, progress: silent },
    dryRun: false,
    betweenLooksMs: 1,
    signal: new AbortController().signal,
    write: writeWords,
    version: '0.0.0',
    ...over,
  };
}
