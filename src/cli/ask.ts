import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { App } from './app.ts';
import type { Streams } from './streams.ts';

/** Whether there is a person at a terminal who can be asked. */
function canAsk({ stdin, stderr }: Streams): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** Shows a text on stderr and asks; only `y` or `yes` means yes. Without a person to ask: no. */
export async function confirmed(app: App, text: string, question: string): Promise<boolean> {
  const { streams } = app;
  if (!canAsk(streams)) return false;
  // Not in terminal mode, which would keep Ctrl+C from the program.
  const lines = createInterface({ input: streams.stdin, output: streams.stderr, terminal: false });
  try {
    streams.stderr.write(`${text}\n`);
    const closed = once(lines, 'close').then(() => '');
    const answer = await Promise.race([lines.question(`${question} [y/N] `, { signal: app.signal }), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
