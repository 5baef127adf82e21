import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from './atomic-write.ts';
import { isGone } from './process-of.ts';
import type { Project } from './project.ts';
import type { ScratchFolder } from './scratch-folder.ts';

interface Move {
  /** Relative to the project, so that a project that was moved finds its files again. */
  readonly from: string;
  readonly to: string;
}

/** What a trash folder holds; written before anything is moved into it. */
const MOVES = 'moves.json';
const NAME = /^prune-(\d+)-/;

/**
 * Files that are to be deleted. Each is moved aside by a rename, so that all of them go or all come back, also after a
 * kill.
 */
export class Trash {
  readonly #project: Project;
  readonly #scratch: ScratchFolder;
  #moved: readonly Move[] = [];

  constructor(project: Project, scratch: ScratchFolder) {
    this.#project = project;
    this.#scratch = scratch;
  }

  /** Moves files and folders aside; missing ones are skipped. */
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

  /** Deletes what was moved aside: from here on nothing is moved back, not even after a kill. */
  empty(): void {
    if (this.#moved.length > 0) rmSync(join(this.#scratch.path, MOVES), { force: true });
    this.#moved = [];
    this.#scratch.remove();
  }

  /** Moves everything back to its place. */
  restore(): void {
    if (this.#moved.length > 0) bringBack(this.#project, this.#scratch.path, this.#moved);
    this.#moved = [];
  }
}

/** Moves back what a killed prune had moved aside, so that no delivery has only some of its files. */
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
