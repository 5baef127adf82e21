import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PEAK = pathToFileURL(join(dirname(fileURLToPath(import.meta.url)), 'peak-memory.js')).href;

/** Runs a process to its end: wall time from spawn to exit, in ms. Any exit code but 0 is an error with its output. */
export function runTimed(command, args, { cwd, env } = {}) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let ms = 0;
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => {
        output[name] += text;
      });
    }
    child.once('error', reject);
    child.once('exit', () => {
      ms = performance.now() - started;
    });
    child.once('close', (code, signal) => {
      if (code === 0) return resolve({ ms, ...output });
      const words = [command, ...args].join(' ');
      reject(new Error(`${words} ended with ${code ?? signal}\n${output.stderr}\n${output.stdout}`));
    });
  });
}

/** The same for a Node program, with the most memory the whole process ever held, in bytes. */
export async function runWithPeak(args, { cwd, env } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-bench-'));
  const report = join(folder, 'peak');
  try {
    const done = await runTimed(process.execPath, ['--import', PEAK, ...args], {
      cwd,
      env: { ...env, TIDEMARK_BENCH_PEAK: report },
    });
    return { ...done, peakBytes: Number(readFileSync(report, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
