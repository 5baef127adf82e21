import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Gives back what nobody refers to any more, now. V8 collects when JavaScript allocates; while an engine works for
 * seconds in native memory it does not, and hundreds of megabytes of a workbook that was read stay beside it.
 */
export function releaseMemory(): void {
  setFlagsFromString('--expose_gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose_gc');
  if (typeof collect === 'function') collect();
}
