import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Knex } from 'knex';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { ident, sql } from '../sql.ts';
import type { Session } from '../warehouse.ts';

/** A folder of Knex migrations with the log table in `meta` that is its own. */
export interface MigrationFolder {
  readonly path: string;
  readonly logTable: 'knex_migrations' | 'knex_pipeline_migrations';
}

/** The package's folder and the pipeline's, in the order they are applied; once where both are the same. */
export function migrationFolders(packageFolder: string, pipelineFolder: string): readonly MigrationFolder[] {
  const own: MigrationFolder = { path: packageFolder, logTable: 'knex_migrations' };
  if (!existsSync(pipelineFolder) || realpathSync(pipelineFolder) === realpathSync(packageFolder))
    return [own];
  return [own, { path: pipelineFolder, logTable: 'knex_pipeline_migrations' }];
}

export function migrationNames(folder: MigrationFolder): readonly string[] {
  if (!existsSync(folder.path)) return [];
  return readdirSync(folder.path)
    .filter((name) => /\.[cm]?js$/.test(name))
    .sort();
}

/**
 * The migrations of a folder that were not applied yet. One that was applied and is not there means a newer program
 * (package), or a file gone from the pipeline.
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

/** Knex reads migrations through this: any kind of module, with or without `down`. */
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
