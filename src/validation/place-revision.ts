import { existsSync } from 'node:fs';
import { commitFile } from '../lake/atomic-write.ts';
import { sha256Of } from '../lake/file-hash.ts';

/**
 * Gives a finished scratch file the first free revision of its name, or finds the same file there already: a file is
 * never overwritten with other bytes. `pathOf` returns the path of a revision, from 1 on.
 */
export async function placeRevision(
  scratchFile: string,
  pathOf: (revision: number) => string,
): Promise<{ readonly path: string; readonly sha256: string; readonly revision: number }> {
  const sha256 = await sha256Of(scratchFile);
  for (let revision = 1; ; revision++) {
    const path = pathOf(revision);
    if (!existsSync(path)) {
      commitFile(scratchFile, path);
      return { path, sha256, revision };
    }
    if ((await sha256Of(path)) === sha256) return { path, sha256, revision };
  }
}
