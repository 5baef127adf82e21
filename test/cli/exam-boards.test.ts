import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runInProcess } from '../fixtures/pipelines/in-process.ts';
import { emptyDatabase } from './world.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const EXAMPLE = join('examples', 'exam-boards');

/** A command of the README and the exit code it says; or lines that the commands since the last such block print. */
type Piece =
  | { readonly kind: 'command'; readonly words: readonly string[]; readonly exit: number }
  | { readonly kind: 'printed'; readonly lines: readonly string[] };

function walkOf(readme: string): Piece[] {
  const blocks = [...readme.matchAll(/^```(sh|text)\n([\s\S]*?)^```$/gm)];
  return blocks.flatMap(([, language, body = '']): Piece[] => {
    const lines = body.trimEnd().split('\n');
    return language === 'sh' ? lines.map(commandOf) : [{ kind: 'printed', lines }];
  });
}

function commandOf(line: string): Piece {
  const [, text = '', exit = '0'] = /^(.*?)(?:\s+# exit (\d))?$/.exec(line) ?? [];
  const words = [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  return { kind: 'command', words, exit: Number(exit) };
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The example as a clone has it, in a folder of its own. */
function copyOfExample(): string {
  const root = mkdtempSync(join(tmpdir(), 'exam-boards-'));
  folders.push(root);
  mkdirSync(join(root, 'examples'));
  symlinkSync(join(ROOT, 'scripts'), join(root, 'scripts'));
  const skip = join(ROOT, EXAMPLE, 'data');
  cpSync(join(ROOT, EXAMPLE), join(root, EXAMPLE), { recursive: true, filter: (path) => path !== skip });
  return join(root, EXAMPLE);
}

/** The commands of tidemark run in this process; the script that makes the deliveries is one of its own. */
async function run(words: readonly string[], folder: string, env: NodeJS.ProcessEnv) {
  const [program, first, ...rest] = words;
  if (program === 'npx' && first === 'tidemark') {
    const { code, stdout, stderr } = await runInProcess(folder, rest, env);
    return { code, output: `${stderr}${stdout}` };
  }
  return new Promise<{ code: number; output: string }>((resolve) => {
    const child = spawn(process.execPath, [first as string, ...rest], { cwd: folder, env });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text) => (said[stream] += text));
    // What is told on the way comes first; which of two pipes was read sooner is chance.
    child.on('close', (code) => resolve({ code: code ?? -1, output: `${said.stderr}${said.stdout}` }));
  });
}

/** Every line is there, in this order; between lines that no `…` parts, nothing else is. */
function expectPrinted(output: string, lines: readonly string[]): void {
  const printed = output.split('\n');
  let at = 0;
  let adjoining = false;
  for (const line of lines) {
    if (line === '…') {
      adjoining = false;
      continue;
    }
    const found = printed.indexOf(line, at);
    expect(found, `the line\n${line}\nin\n${output}`).toBeGreaterThanOrEqual(0);
    if (adjoining) expect(found, `the line\n${line}\nright after\n${printed[at - 1]}`).toBe(at);
    at = found + 1;
    adjoining = true;
  }
}

describe('the walk through examples/exam-boards', () => {
  it.each(['DuckDB', 'PostgreSQL'])(
    'does and prints on %s what its README says',
    async (engine) => {
      const url = engine === 'DuckDB' ? undefined : await emptyDatabase();
      expect(url).not.toBeNull();
      const { DATABASE_URL: _, ...plain } = process.env;
      const env = { ...plain, ...(url ? { DATABASE_URL: url } : {}) };
      const folder = copyOfExample();
      if (url) expect((await run(['npx', 'tidemark', 'migrate'], folder, env)).code).toBe(0);
      let output = '';
      for (const piece of walkOf(readFileSync(join(folder, 'README.md'), 'utf8'))) {
        if (piece.kind === 'printed') {
          expectPrinted(output, piece.lines);
          output = '';
          continue;
        }
        const answer = await run(piece.words, folder, env);
        expect(answer.code, `${piece.words.join(' ')}\n${answer.output}`).toBe(piece.exit);
        output += answer.output;
      }
    },
    900_000,
  );
});
