import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { counted } from '../domain/count.ts';
import { command, option, type Words, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { Project } from '../lake/project.ts';
import { interruptedAttempts } from '../lake/run-records.ts';
import { migrationSources, pendingMigrations } from '../warehouse/migrate/migrate.ts';
import type { Caller } from './caller.ts';
import { warehouseOf } from './open-for-call.ts';

export interface Diagnosis {
  readonly ok: boolean;
  readonly what: Words;
  readonly cure: Words | null;
}

/** The oldest version of Node that the package supports. */
const OLDEST_NODE = [20, 19] as const;
const LITTLE_SPACE_BYTES = 1024 ** 3;

/**
 * Examines the machine, the project and the warehouse. It changes nothing, except that it repairs a log when asked to.
 * `callerOf` reads the configuration, whose errors are part of the diagnosis.
 */
export async function diagnose(
  project: Project,
  callerOf: () => Promise<Caller>,
  repair: boolean,
): Promise<Diagnosis[]> {
  const found = [node(), folder(project), space(project)];
  const caller = await callerOf().catch((error: unknown) => error as TidemarkError);
  if (caller instanceof Error) {
    found.push(bad(caller.said ?? caller.message, caller.hint ?? words`Run \`${command('config check')}\`.`));
    return found;
  }
  found.push(good(`The configuration is valid: ${counted(caller.config.datasets.size, 'dataset')}.`));
  found.push(...(await warehouse(caller, repair)));
  for (const one of interruptedAttempts(project)) {
    found.push(
      bad(
        `${one.step} ${one.dataset ?? ''} ${one.period ?? ''} of run ${one.run_id} was interrupted.`.replace(
          / +/g,
          ' ',
        ),
        'Run the same command again.',
      ),
    );
  }
  return found;
}

const good = (what: string): Diagnosis => ({ ok: true, what, cure: null });
const bad = (what: Words, cure: Words): Diagnosis => ({ ok: false, what, cure });

function node(): Diagnosis {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const what = `Node ${process.versions.node}`;
  return enough ? good(what) : bad(`${what} is too old.`, `Install Node ${OLDEST_NODE.join('.')} or newer.`);
}

function folder({ root }: Project): Diagnosis {
  try {
    accessSync(root, constants.R_OK | constants.W_OK);
    return good(`The project folder ${root} can be read and written.`);
  } catch {
    return bad(
      `The project folder ${root} cannot be written.`,
      words`Check its rights, or name another with ${option('project')}.`,
    );
  }
}

function space({ root }: Project): Diagnosis {
  const at = existsSync(root) ? root : dirname(root);
  const { bavail, bsize } = statfsSync(at);
  const free = bavail * bsize;
  const what = `${(free / 1024 ** 3).toFixed(1)} GiB are free on the disk.`;
  return free > LITTLE_SPACE_BYTES ? good(what) : bad(what, 'Make room, or nothing large can be loaded.');
}

async function warehouse(caller: Caller, repair: boolean): Promise<Diagnosis[]> {
  const opened = warehouseOf(caller);
  const repaired: Diagnosis[] = [];
  try {
    const done = repair && !caller.dryRun ? await opened.repair() : null;
    if (done !== null) repaired.push(good(done));
    const pending = await pendingMigrations(opened, migrationSources(caller.project, caller.config, opened));
    if (pending.length === 0 || opened.capabilities.appliesMigrationsItself)
      return [...repaired, good(`The warehouse ${opened.displayName} answers.`)];
    const lacks = `The warehouse ${opened.displayName} lacks: ${pending.join(', ')}.`;
    return [...repaired, bad(lacks, words`Run \`${command('migrate')}\`.`)];
  } catch (error) {
    const cure = error instanceof TidemarkError ? error.hint : 'Look at the message.';
    return [...repaired, bad((error as Error).message, cure)];
  } finally {
    await opened.close();
  }
}
