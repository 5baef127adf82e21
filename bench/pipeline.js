import { linkSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM } from './bench.js';
import { PAYMENTS, PERIOD } from './payments.js';
import { runTimed, runWithPeak } from './run-timed.js';

/** A pipeline with one file of payments landed, and its commands as processes of their own. */
export function makePipeline(bench, { file, name, databaseUrl = null, config = PAYMENTS }) {
  mkdirSync(join(bench.work, 'pipelines'), { recursive: true });
  const root = mkdtempSync(join(bench.work, 'pipelines', 'p-'));
  mkdirSync(join(root, 'data', 'landed'), { recursive: true });
  writeFileSync(join(root, 'datasets_config.yml'), config);
  linkSync(file, join(root, 'data', 'landed', name ?? `payments_${PERIOD}.csv`));
  const env = databaseUrl === null ? { DATABASE_URL: '' } : { DATABASE_URL: databaseUrl };
  const words = (text) => [PROGRAM, ...text.split(' ')];
  return {
    root,
    /** Runs a command; answers its time in ms and what it printed. */
    run: (text) => runTimed(process.execPath, words(text), { cwd: root, env }),
    runWithPeak: (text) => runWithPeak(words(text), { cwd: root, env }),
  };
}
