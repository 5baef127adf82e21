import { constants } from 'node:os';
import { Interruption } from '../errors/interruption.ts';
import { runProgram } from './run-program.ts';

/**
 * Files with data in clear must not be readable by others. The engine sets no mode of its own on the warehouse and its
 * log.
 */
const NOT_FOR_OTHERS = 0o027;

/**
 * The program as a process: runs the command of argv, and ends with the exit code of the contract. Signals interrupt
 * it.
 */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<never> {
  process.umask(process.umask() | NOT_FOR_OTHERS);
  const { stdout, stderr, env } = process;
  for (const stream of [stdout, stderr]) stream.on('error', () => process.exit(1));
  const code = await runProgram({
    argv,
    calledFrom: process.cwd(),
    environment: env,
    // Opening stdin has side effects, so only a command that asks a question opens it.
    streams: {
      get stdin() {
        return process.stdin;
      },
      stdout,
      stderr,
    },
    signal: interruption(),
  });
  return endProcess(code);
}

function interruption(): AbortSignal {
  const aborter = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => aborter.abort(new Interruption(128 + constants.signals[name])));
  return aborter.signal;
}

/** Ends after both streams have written everything, so that no line is lost in a pipe. */
function endProcess(code: number): Promise<never> {
  return new Promise(() => {
    process.stderr.write('', () => process.stdout.write('', () => process.exit(code)));
  });
}
