import { writeWords } from '../../../src/cli/write-words.ts';
import type { StepContext } from '../../../src/steps/step.ts';

type Own = Pick<StepContext, 'project' | 'config' | 'warehouse' | 'runId'>;

const silent = () => {};
const NOON = Date.UTC(2025, 8, 1, 12);
let looks = 0;

/** Noon of 2025-09-01, and a millisecond later at every look: what follows something is later. */
function testClock(): Date {
  return new Date(NOON + looks++);
}

/** What a step gets in tests: a clock of its own, nobody who listens, and no waiting. */
export function stepContext(own: Own, over: Partial<StepContext> = {}): StepContext {
  return {
    ...own,
    clock: testClock,
    log: { info: silent, warn: silent, detail: silent, progress: silent },
    dryRun: false,
    betweenLooksMs: 1,
    signal: new AbortController().signal,
    write: writeWords,
    version: '0.0.0',
    ...over,
  };
}
