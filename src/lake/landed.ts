import { lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { displayPath, type Project } from './project.ts';

/** What a name in data/landed is. Links are `file` only where they lead to a file inside landed. */
export type LandedKind = 'file' | 'link-outside' | 'link-broken' | 'not-a-file';

export interface LandedFile {
  readonly absolute: string;
  /** As logs and messages have it: relative to the project, forward slashes. */
  readonly path: string;
  readonly name: string;
  readonly kind: LandedKind;
  readonly bytes: number;
  readonly mtimeMs: number;
}

/**
 * Every file under data/landed whose name is wanted, in the order of their paths. Hidden files and folders (a leading
 * dot) are not deliveries; linked folders are not entered. Changes nothing. No folder: no files.
 */
export function scanLanded(
  project: Project,
  isWanted: (name: string) => boolean = () => true,
): readonly LandedFile[] {
  const found: LandedFile[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const absolute = join(folder, entry.name);
      if (entry.isDirectory()) walk(absolute);
      else if (isWanted(entry.name)) found.push(landedFile(project, absolute));
    }
  };
  try {
    walk(project.landed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/**
 * The landed file that a caller named: an absolute path, or one relative to the project, to data/landed or to the
 * caller's folder. Throws `no-such-file`, or `out-of-landed` for any other place.
 */
export function findLanded(project: Project, given: string): LandedFile {
  const candidates = isAbsolute(given)
    ? [given]
    : [resolve(project.root, given), resolve(project.landed, given), resolve(project.calledFrom, given)];
  const absolute = candidates.find((path) => entryOf(path) !== null);
  if (absolute === undefined) {
    throw new TidemarkError('no-such-file', { message: `There is no file '${given}'.` });
  }
  const inside = relative(
    realOrSame(project.landed),
    join(realOrSame(dirname(absolute)), basename(absolute)),
  );
  if (inside === '' || leadsOut(inside)) {
    throw new TidemarkError('out-of-landed', {
      message: `'${given}' is not in ${displayPath(project, project.landed)}.`,
    });
  }
  return landedFile(project, join(project.landed, inside));
}

/** One look at the file of a path; two looks show whether a file still grows. */
export function landedFile(project: Project, absolute: string): LandedFile {
  const facts = { absolute, path: displayPath(project, absolute), name: basename(absolute) };
  const entry = entryOf(absolute);
  if (entry === null) return { ...facts, kind: 'link-broken', bytes: 0, mtimeMs: 0 };
  if (!entry.isSymbolicLink()) return { ...facts, ...measured(entry) };
  try {
    const outside = leadsOut(relative(realOrSame(project.landed), realpathSync(absolute)));
    return { ...facts, ...measured(statSync(absolute)), ...(outside ? { kind: 'link-outside' } : {}) };
  } catch {
    return { ...facts, kind: 'link-broken', bytes: 0, mtimeMs: 0 };
  }
}

/** Names that programs give to files that are not finished, or that only say that somebody has the file open. */
export function isUnfinishedName(name: string): boolean {
  return name.startsWith('~$') || /\.(part|tmp)$/i.test(name);
}

/** The name that such a file will get, or that it belongs to: `~$a.xlsx` and `a.xlsx.part` are a.xlsx. */
export function finishedName(name: string): string {
  return name.replace(/^~\$/, '').replace(/\.(part|tmp)$/i, '');
}

function measured(facts: Stats): Pick<LandedFile, 'kind' | 'bytes' | 'mtimeMs'> {
  return {
    kind: facts.isFile() ? 'file' : 'not-a-file',
    bytes: facts.size,
    mtimeMs: Math.trunc(facts.mtimeMs),
  };
}

function leadsOut(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
}

function entryOf(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (
      code === 'ENOENT' ||
      code === 'ENOTDIR' ||
      code === 'ENAMETOOLONG' ||
      code === 'ERR_INVALID_ARG_VALUE'
    ) {
      return null;
    }
    throw error;
  }
}

function realOrSame(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
