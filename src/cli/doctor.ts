import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { counted } from '../domain/count.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { interruptedAttempts } from '../lake/run-records.ts';
import type { App } from './app.ts';
import { openFor } from './invoke.ts';

export interface Diagnosis {
  readonly ok: boolean;
  readonly what: string;
  readonly cure: string | null;
}

/** The oldest version of Node that the package supports. */
const OLDEST_NODE = [20, 19] as const;
const LITTLE_SPACE_BYTES = 1024 ** 3;

/**
 * Examines the machine, the project and the warehouse. It changes nothing, except that it repairs a log when asked to.
 */
export async function diagnose(app: App, repair: boolean): Promise<Diagnosis[]> {
  const found = [node(), folder(app), space(app)];
  const config = await app.config().catch((error: unknown) => error as TidemarkError);
  if (config instanceof Error) {
    found.push(
      bad(config.message, config instanceof TidemarkError ? config.hint : 'Run `tidemark config check`.'),
    );
    return found;
  }
  found.push(good(`The configuration is valid: ${counted(config.datasets.size, 'dataset')}.`));
  found.push(...(await warehouse(app, config, repair)));
  for (const one of interruptedAttempts(app.project)) {
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
const bad = (what: string, cure: string): Diagnosis => ({ ok: false, what, cure });

function node(): Diagnosis {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const what = `Node ${process.versions.node}`;
  return enough ? good(what) : bad(`${what} is too old.`, `Install Node ${OLDEST_NODE.join('.')} or newer.`);
}

function folder(app: App): Diagnosis {
  const { root } = app.project;
  try {
    accessSync(root, constants.R_OK | constants.W_OK);
    return good(`The project folder ${root} can be read and written.`);
  } catch {
    return bad(
      `The project folder ${root} cannot be written.`,
      'Check its rights, or name another with --project.',
    );
  }
}

function space(app: App): Diagnosis {
  const at = existsSync(app.project.root) ? app.project.root : dirname(app.project.root);
  const { bavail, bsize } = statfsSync(at);
  const free = bavail * bsize;
  const what = `${(free / 1024 ** 3).toFixed(1)} GiB are free on the disk.`;
  return free > LITTLE_SPACE_BYTES ? good(what) : bad(what, 'Make room, or nothing large can be loaded.');
}

type Config = Awaited<ReturnType<App['config']>>;

async function warehouse(app: App, config: Config, repair: boolean): Promise<Diagnosis[]> {
  const opened = openFor(app, config);
  const repaired: Diagnosis[] = [];
  try {
    const done = repair && !app.options.dryRun ? await opened.repair() : null;
    if (done !== null) repaired.push(good(done));
    const { migrationSources, pendingMigrations } = await import('../warehouse/migrate/migrate.ts');
    const pending = await pendingMigrations(opened, migrationSources(app.project, config, opened));
    if (pending.length === 0 || opened.capabilities.appliesMigrationsItself)
      return [...repaired, good(`The warehouse ${opened.displayName} answers.`)];
    const lacks = `The warehouse ${opened.displayName} lacks: ${pending.join(', ')}.`;
    return [...repaired, bad(lacks, 'Run `tidemark migrate`.')];
  } catch (error) {
    const cure = error instanceof TidemarkError ? error.hint : 'Look at the message.';
    return [...repaired, bad((error as Error).message, cure)];
  } finally {
    await opened.close();
  }
}
