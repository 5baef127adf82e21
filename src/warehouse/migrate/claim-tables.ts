import type { Dataset } from '../../domain/dataset.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { type Sql, sql } from '../../sql/sql.ts';
import type { Session } from '../warehouse.ts';

/**
 * Statements that record which tables belong to this pipeline, and release those that it no longer names. A table that
 * another pipeline writes is `tables-taken`, because each would overwrite the other's periods. Without a name nothing
 * is recorded.
 */
export async function claimTables(
  session: Session,
  pipeline: string | null,
  datasets: Iterable<Dataset>,
): Promise<Sql[]> {
  if (pipeline === null) return [];
  const claims = await session.query<{ table_name: string; pipeline: string }>(
    sql`SELECT table_name, pipeline FROM meta.pipeline_table ORDER BY table_name`,
  );
  const wanted = new Set([...datasets].flatMap(({ name, core }) => [`stage.${name}`, `core.${core.table}`]));
  const taken = claims.filter((claim) => wanted.has(claim.table_name) && claim.pipeline !== pipeline);
  const [first] = taken;
  if (first !== undefined) {
    throw new TidemarkError('tables-taken', {
      message:
        `The pipeline ${first.pipeline} writes ${taken.map((claim) => claim.table_name).join(', ')} in this warehouse, ` +
        `and this is the pipeline ${pipeline}.`,
      hint:
        `If both are the same pipeline, write \`name: ${first.pipeline}\` into datasets_config.yml. Else give this one ` +
        'another database, or its datasets and core tables other names.',
    });
  }
  const own = new Set(claims.filter((claim) => claim.pipeline === pipeline).map((claim) => claim.table_name));
  return [
    ...[...wanted]
      .filter((name) => !own.has(name))
      .map(
        (name) => sql`INSERT INTO meta.pipeline_table (table_name, pipeline) VALUES (${name}, ${pipeline})`,
      ),
    ...[...own]
      .filter((name) => !wanted.has(name))
      .map((name) => sql`DELETE FROM meta.pipeline_table WHERE table_name = ${name}`),
  ];
}
