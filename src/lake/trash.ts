import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from './atomic-write.ts';
import { isGone } from './process-of.ts';
import type { Project } from './project.ts';
import type { ScratchFolder } from './scratch-folder.ts';

interface Move {
  /** Relative to the project, so that a moved project finds its files again. */
  readonly from: string;
  readonly to: string;
}

/** What is in a trash folder, written before anything is moved into it. */
const MOVES = 'moves.json';
const NAME = /^prune-(\d+)-/;

/** Files on their way out: moved aside by a rename each, so that all of them go, or all come back, also after a kill. */
export class Trash {
  readonly #project: Project;
  readonly #scratch: ScratchFolder;
  #moved: readonly Move[] = [];

  constructor(project: Project, scratch: ScratchFolder) {
    this.#project = project;
    this.#scratch = scratch;
  }

  /** Moves files and folders aside; those that are not there are no matter. */
  take(paths: readonly string[]): void {
    const there = paths.filter((path) => existsSync(path));
    if (there.length === 0) return;
    const folder = this.#scratch.path;
    const moves = there.map((path, i) => ({
      from: path.slice(this.#project.root.length + 1),
      to: String(this.#moved.length + i),
    }));
    this.#moved = [...this.#moved, ...moves];
    writeFileAtomic(join(folder, MOVES), JSON.stringify(this.#moved));
    for (const { from, to } of moves) renameSync(join(this.#project.root, from), join(folder, to));
  }

  /** Gives up what was moved aside: from here on it is not brought back, not even by half. */
  empty(): void {
    if (this.#moved.length > 0) rmSync(join(this.#scratch.path, MOVES), { force: true });
    this.#moved = [];
    this.#scratch.remove();
  }

  /** Brings everything back to where it was. */
  restore(): void {
    if (this.#moved.length > 0) bringBack(this.#project, this.#scratch.path, this.#moved);
    this.#moved = [];
  }
}

/** Brings back what a prune that was killed had moved aside, so that no delivery has some of its files only. */
export function restoreInterrupted(project: Project): void {
  if (!existsSync(project.scratch)) return;
  for (const name of readdirSync(project.scratch)) {
    const pid = Number(NAME.exec(name)?.[1] ?? 0);
    const folder = join(project.scratch, name);
    if (pid === 0 || !isGone(pid) || !existsSync(join(folder, MOVES))) continue;
    bringBack(project, folder, JSON.parse(readFileSync(join(folder, MOVES), 'utf8')) as Move[]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function bringBack(project: Project, folder: string, moves: readonly Move[]): void {
  for (const { from, to } of [...moves].reverse()) {
    const [source, target] = [join(folder, to), join(project.root, from)];
    if (!existsSync(source) || existsSync(target)) continue;
    mkdirSync(dirname(target), { recursive: true });
    renameSync(source, target);
  }
}
