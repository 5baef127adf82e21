import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Frees unused memory now. V8 collects only when JavaScript allocates. While an engine works for seconds in native
 * memory V8 does not collect, and keeps the hundreds of megabytes of a workbook that was read before.
 */
export function releaseMemory(): void {
  setFlagsFromString('--expose_gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose_gc');
  if (typeof collect === 'function') collect();
}
