import { DEFAULT_SCHEMAS, SCHEMA_WORDS, type SchemaNames } from '../../domain/schema-names.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { quoteName, type Sql, sql } from '../../sql/sql.ts';
import type { Session } from '../warehouse.ts';
import { type OtherLog, otherLogs, schemaNamesIn } from './other-logs.ts';

export interface SchemaClaim {
  /** What writes down the names of the schemas; nothing where they are written down already. */
  readonly statements: readonly Sql[];
  /** Other names were written down before. */
  readonly isChange: boolean;
}

/**
 * Holds the configured names of the schemas against those that the log was kept with: in other schemas the tables would
 * lack the rows that it tells of, which is `bad-config`. `fresh`: the log was made just now.
 */
export async function claimSchemas(session: Session, fresh: boolean): Promise<SchemaClaim> {
  const { names } = session.schemas;
  const logged = await schemaNamesIn(session, names.meta);
  await refuseLeftTables(session, logged ?? (fresh ? names : DEFAULT_SCHEMAS));
  const changed = SCHEMA_WORDS.filter((word) => logged?.[word] !== names[word]);
  return {
    statements: [
      ...changed.map((word) => sql`DELETE FROM meta.schema_name WHERE word = ${word}`),
      ...changed.map(
        (word) => sql`INSERT INTO meta.schema_name (word, name) VALUES (${word}, ${names[word]})`,
      ),
    ],
    isChange: logged !== null && changed.length > 0,
  };
}

/**
 * Throws `tables-taken` where a log in another schema of the database is of the same schemas: two logs of the same tables
 * know nothing of each other. Answers warnings for a log that is `fresh` beside one that may be this pipeline's.
 */
export async function refuseTwoLogs(
  session: Session,
  { fresh, pipeline }: { readonly fresh: boolean; readonly pipeline: string | null },
): Promise<readonly string[]> {
  const { names } = session.schemas;
  const others = await otherLogs(session);
  for (const other of others) refuseSharedSchemas(names, other, pipeline);
  return fresh
    ? others.filter((other) => isOwn(other, pipeline)).map((other) => leftBehind(names, other))
    : [];
}

/** A schema that is gone under its old name was renamed in the database itself, with all that is in it. */
async function refuseLeftTables(session: Session, before: SchemaNames): Promise<void> {
  const { names } = session.schemas;
  const moved = SCHEMA_WORDS.filter((word) => word !== 'meta' && before[word] !== names[word]);
  if (moved.length === 0) return;
  const rows = await session.query<{ name: string }>(
    sql`SELECT nspname AS name FROM pg_catalog.pg_namespace`,
  );
  const left = moved.filter((word) => rows.some(({ name }) => name === before[word]));
  if (left.length === 0) return;
  const list = left.map((word) => `${word} was ${before[word]} and would be ${names[word]}`);
  const renames = left.map(
    (word) => `ALTER SCHEMA ${quoteName(before[word])} RENAME TO ${quoteName(names[word])};`,
  );
  throw new TidemarkError('bad-config', {
    message: `The schemas have other names than when the log in ${names.meta} was kept: ${list.join('; ')}.`,
    hint:
      'Set `schemas` in datasets_config.yml back as it was, or give meta another name as well, to start again with an empty log' +
      `${session.capabilities.grantsRights ? `; or rename them in the database: ${renames.join(' ')}` : '.'}`,
  });
}

function refuseSharedSchemas(names: SchemaNames, other: OtherLog, pipeline: string | null): void {
  const theirs = new Set(Object.values(other.names));
  const shared = SCHEMA_WORDS.filter((word) => theirs.has(names[word]));
  if (shared.length === 0) return;
  const list = shared.map((word) => names[word]).join(', ');
  const belong = shared.length === 1 ? `The schema ${list} belongs` : `The schemas ${list} belong`;
  const whose = isOwn(other, pipeline) ? '' : ` of the pipeline ${other.pipelines.join(', ')}`;
  throw new TidemarkError('tables-taken', {
    message: `${belong} to the log${whose} in the schema ${other.names.meta}, and this log is in ${names.meta}.`,
    hint:
      `Give ${shared.join(', ')} other names under \`schemas\` in datasets_config.yml; ` +
      `if both logs are of one pipeline, write meta: ${other.names.meta} there.`,
  });
}

function isOwn({ pipelines }: OtherLog, pipeline: string | null): boolean {
  return pipelines.length === 0 || pipeline === null || pipelines.includes(pipeline);
}

function leftBehind(names: SchemaNames, other: OtherLog): string {
  return (
    `The log in the schema ${names.meta} is new and empty. That in ${other.names.meta} stays as it is with its tables, and nothing ` +
    'reads it any more: if you meant to go on with it, set `schemas` in datasets_config.yml back.'
  );
}
