import { randomBytes } from 'node:crypto';

/** A name for a run whose caller gave none: the time in UTC, and some random digits. */
export function newRunId(now: Date): string {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  return `${time}-${randomBytes(3).toString('hex')}`;
}
