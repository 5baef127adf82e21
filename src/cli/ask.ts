import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { App } from './app.ts';

/** Whether there is a person at a terminal to be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Shows a text on stderr and asks; only `y` or `yes` is one. Nobody to be asked: no. */
export async function confirmed(app: App, text: string, question: string): Promise<boolean> {
  if (!canAsk()) return false;
  // Not as a terminal of its own, which would keep Ctrl+C from the program.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    app.streams.stderr.write(`${text}\n`);
    const closed = once(lines, 'close').then(() => '');
    const answer = await Promise.race([lines.question(`${question} [y/N] `, { signal: app.signal }), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
