import type { Log } from '../steps/step.ts';
import type { CommonOptions } from './options.ts';

/** Control characters and escape sequences in a text from outside could rewrite a terminal or forge a log line. */
export function neutralise(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (char) => {
      return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
    },
  );
}

type Level = 'info' | 'warn' | 'detail';

/** Log lines on stderr, as text for people or as JSON for collectors. */
export function makeLog(
  options: CommonOptions,
  streams: { readonly stderr: { write(text: string): unknown } },
  runId: string,
  clock: () => Date,
): Log {
  const write = (level: Level, message: string, fields: Record<string, unknown> = {}) => {
    if (options.quiet && level !== 'warn') return;
    if (level === 'detail' && !options.verbose) return;
    if (options.logFormat === 'json') {
      const line = {
        time: clock().toISOString(),
        level: level === 'detail' ? 'debug' : level,
        run_id: runId,
        message,
        ...fields,
      };
      streams.stderr.write(`${JSON.stringify(line)}\n`);
      return;
    }
    const mark = level === 'warn' ? 'warning: ' : level === 'detail' ? '  · ' : '';
    streams.stderr.write(`${mark}${neutralise(message).replaceAll('\n', '\n  ')}\n`);
  };
  return {
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    detail: (message, fields) => write('detail', message, fields),
    progress: (message) => write('info', options.logFormat === 'json' ? message : `→ ${message}`),
  };
}
