import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Knex } from 'knex';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { ident, sql } from '../../sql/sql.ts';
import type { Session } from '../warehouse.ts';

/** A folder of Knex migrations with its own log table in `meta`. */
export interface MigrationFolder {
  readonly path: string;
  readonly logTable: 'knex_migrations' | 'knex_pipeline_migrations';
  /**
   * The package's migrations: a file here with the name of one of them is the same migration; null for the package's
   * own folder.
   */
  readonly besides: string | null;
}

/**
 * The package's folder and the pipeline's, in the order in which they are applied; only one where both are the same.
 */
export function migrationFolders(packageFolder: string, pipelineFolder: string): readonly MigrationFolder[] {
  const own: MigrationFolder = { path: packageFolder, logTable: 'knex_migrations', besides: null };
  if (!existsSync(pipelineFolder) || realpathSync(pipelineFolder) === realpathSync(packageFolder))
    return [own];
  return [own, { path: pipelineFolder, logTable: 'knex_pipeline_migrations', besides: packageFolder }];
}

function migrationNames({ path, besides }: MigrationFolder): readonly string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => /\.[cm]?js$/.test(name) && !(besides !== null && isTakenAlong(name, path, besides)))
    .sort();
}

/**
 * Whether a migration of the pipeline's folder is one of Tidemark's own, copied with the folder from the example or the
 * repository; the package applies it. Such a name with other content is refused.
 */
function isTakenAlong(name: string, folder: string, packageFolder: string): boolean {
  if (!existsSync(join(packageFolder, name))) return false;
  const content = (path: string) => readFileSync(join(path, name), 'utf8').replaceAll('\r\n', '\n').trimEnd();
  if (content(folder) === content(packageFolder)) return true;
  throw new TidemarkError('bad-config', {
    message: `The migration migrations/${name} has the name of one of Tidemark's own, and another content.`,
    hint: 'Give it another name, or remove it where it is an old or changed copy of that one.',
  });
}

/**
 * The migrations of a folder that were not applied yet. An applied one without a file means a newer program (package),
 * or a file missing in the pipeline.
 */
export async function pendingIn(session: Session, folder: MigrationFolder): Promise<readonly string[]> {
  const names = migrationNames(folder);
  const log = { schema: 'meta', name: folder.logTable } as const;
  if ((await session.columns(log)) === null) return names;
  const rows = await session.query<{ name: string }>(sql`SELECT name FROM ${ident('meta', folder.logTable)}`);
  const applied = new Set(rows.map((row) => row.name));
  const unknown = [...applied].filter((name) => !names.includes(name)).sort();
  if (unknown.length > 0) throw unknownMigration(folder, unknown);
  return names.filter((name) => !applied.has(name));
}

function unknownMigration(folder: MigrationFolder, unknown: readonly string[]): TidemarkError {
  if (folder.logTable === 'knex_migrations') {
    return new TidemarkError('newer-schema', {
      message: `The warehouse was prepared by a newer Tidemark: this one does not know ${unknown.join(', ')}.`,
    });
  }
  return new TidemarkError('bad-config', {
    message: `The warehouse has migrations that the folder migrations/ lacks: ${unknown.join(', ')}.`,
    hint: 'Bring these files back; applied migrations are never removed.',
  });
}

/** Knex reads migrations through this function: any kind of module, with or without `down`. */
export function migrationSource(folder: MigrationFolder): Knex.MigrationSource<string> {
  return {
    getMigrations: async () => [...migrationNames(folder)],
    getMigrationName: (name) => name,
    async getMigration(name) {
      const module = (await import(pathToFileURL(join(folder.path, name)).href)) as ModuleOfMigration;
      const migration = module.up ? module : module.default;
      if (typeof migration?.up !== 'function') {
        throw new TidemarkError('bad-config', {
          message: `The migration ${name} exports no function \`up\`.`,
        });
      }
      const down = migration.down ?? (() => Promise.reject(new Error(`${name} has no way back`)));
      return { up: migration.up, down };
    },
  };
}

interface ModuleOfMigration extends Partial<Knex.Migration> {
  readonly default?: Partial<Knex.Migration>;
}
