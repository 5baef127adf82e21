import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ScratchFolder } from './scratch-folder.ts';

/** Files on their way out: moved aside by a rename each, so that all of them go, or all come back. */
export class Trash {
  readonly #scratch: ScratchFolder;
  readonly #moved: { readonly from: string; readonly to: string }[] = [];

  constructor(scratch: ScratchFolder) {
    this.#scratch = scratch;
  }

  /** Moves a file or a folder aside; one that is not there is no matter. */
  take(path: string): void {
    if (!existsSync(path)) return;
    const to = join(this.#scratch.path, String(this.#moved.length));
    renameSync(path, to);
    this.#moved.push({ from: path, to });
  }

  /** Brings everything back to where it was. */
  restore(): void {
    for (const { from, to } of this.#moved.splice(0).reverse()) {
      mkdirSync(dirname(from), { recursive: true });
      renameSync(to, from);
    }
  }

  empty(): void {
    for (const { to } of this.#moved.splice(0)) rmSync(to, { recursive: true, force: true });
  }
}
