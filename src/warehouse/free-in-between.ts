import { setTimeout } from 'node:timers/promises';
import type { Warehouse } from './warehouse.ts';

/** Longer than a file stays open after its last use, and than others wait before they try again. */
const FREE_MS = 250;

/**
 * A file that one process holds at a time is free for a moment, between two transactions of a long piece of work, so that
 * others can do theirs. On a server nothing needs to be freed.
 */
export async function freeInBetween(
  { capabilities }: Pick<Warehouse, 'capabilities'>,
  signal: AbortSignal,
): Promise<void> {
  if (capabilities.singleProcess) await setTimeout(FREE_MS, undefined, { signal });
}
