import { TidemarkError } from '../../errors/tidemark-error.ts';
import { ident, type Sql, sql } from '../../sql/sql.ts';
import type { Session } from '../warehouse.ts';
import { MadeAgain } from './view-definition.ts';

/**
 * Runs what a plan says, in the caller's transaction. A view of users that the other types of its columns would leave
 * without a meaning is `migration-needed`.
 */
export async function carryOut(
  session: Session,
  statements: readonly Sql[],
  onStatement: (statement: Sql) => void = () => {},
): Promise<void> {
  const looksAtViews = !session.capabilities.altersIndexedTables && statements.length > 0;
  const before = looksAtViews ? await unreadableViews(session) : [];
  for (const statement of statements) {
    onStatement(statement);
    await session.execute(statement).catch((error: unknown) => {
      if (!(statement instanceof MadeAgain) || !isRefusal(error)) throw error;
      throw refused([{ ...statement.view, why: error.message, written: statement.text }]);
    });
  }
  const after = looksAtViews ? await unreadableViews(session) : [];
  const known = new Set(before.map(({ schema, name }) => `${schema}.${name}`));
  const broken = after.filter(({ schema, name }) => !known.has(`${schema}.${name}`));
  if (broken.length > 0) throw refused(broken);
}

function isRefusal(error: unknown): error is TidemarkError {
  return error instanceof TidemarkError && error.code === 'statement-failed';
}

interface UnreadableView {
  readonly schema: string;
  readonly name: string;
  readonly why: string;
  readonly written: string;
}

/** DuckDB binds a view when it is read, so that a table may change under one and leave it with what it cannot compute. */
function unreadableViews(session: Session): Promise<UnreadableView[]> {
  return session.query<UnreadableView & Record<string, string>>(sql`
    SELECT schema, name, written, split_part(json_extract_string(plan, '$.error_message'), chr(10), 1) AS why FROM (
      SELECT schema_name AS schema, view_name AS name, sql AS written,
        json_serialize_plan('SELECT * FROM "' || replace(schema_name, '"', '""') || '"."' || replace(view_name, '"', '""') || '"') AS plan
      FROM duckdb_views() WHERE NOT internal AND database_name = current_database()
    ) AS v WHERE json_extract_string(plan, '$.error') = 'true' ORDER BY 1, 2`);
}

function refused(views: readonly UnreadableView[]): TidemarkError {
  const told = views.map(({ schema, name, why }) => `view ${schema}.${name} (${why.replace(/\.$/, '')})`);
  return new TidemarkError('migration-needed', {
    message: `With the other types of its columns, a table could not be read any more by: ${told.join('; ')}. Nothing was changed.`,
    hint: [
      'Take the view away, run the same command again, then make it again with a query that takes the new types:',
      ...views.toReversed().map(({ schema, name }) => `DROP VIEW ${ident(schema, name).text};`),
      '-- then, when the columns are changed, this as it has to be:',
      ...views.map(({ written }) => `${written.replace(/;\s*$/, '')};`),
    ].join('\n'),
  });
}
