import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Project } from './project.ts';

/** A folder for the scratch files of one piece of work; made at the first request. */
export class ScratchFolder {
  readonly #project: Project;
  readonly #dryRun: boolean;
  readonly #purpose: string;
  #path: string | null = null;

  constructor(project: Project, purpose: string, dryRun: boolean) {
    this.#project = project;
    this.#dryRun = dryRun;
    this.#purpose = purpose;
  }

  /** On the file system of the project, except in a dry run, which writes nothing there. */
  get path(): string {
    if (this.#path !== null) return this.#path;
    const parent = this.#dryRun ? tmpdir() : this.#project.scratch;
    mkdirSync(parent, { recursive: true });
    this.#path = mkdtempSync(join(parent, `${this.#purpose}-${process.pid}-`));
    return this.#path;
  }

  remove(): void {
    if (this.#path !== null) rmSync(this.#path, { recursive: true, force: true });
    this.#path = null;
  }
}
