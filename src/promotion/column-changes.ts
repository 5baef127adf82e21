import { TidemarkError } from '../errors/tidemark-error.ts';
import type { Load } from '../ledger/loads.ts';
import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import type { StagedDiff } from './change/staged-change.ts';
import { type CoreShape, countsFor, sameKey, valueColumns } from './core-shape.ts';
import { coreTable } from './diff.ts';
import type { ChangedCells } from './guards.ts';

/** How many of the rows that stay change in each column that a guard watches; runs no query where none does. */
export async function columnChanges({
  session,
  shape,
  diff,
  load,
}: Pick<StagedDiff, 'session' | 'shape' | 'diff'> & { readonly load: Pick<Load, 'period'> }): Promise<
  ChangedCells[]
> {
  const columns = watchedColumns(shape);
  if (columns.length === 0 || diff.counts.scope === 0) return [];
  const differs = columns.map(
    (name, i) =>
      sql`count(CASE WHEN ${ident('c', name)} IS DISTINCT FROM ${ident('n', name)} THEN 1 END) AS ${ident(`n${i}`)}`,
  );
  const changed = (op: string, after: Sql) =>
    session.query<Record<string, number>>(
      sql`SELECT ${join(differs)} FROM ${diff.keys} AS d
            JOIN ${coreTable(shape)} AS c ON ${sameKey(shape, 'c', 'd')} AND ${countsFor(shape, load.period)}
            JOIN ${after} AS n ON ${sameKey(shape, 'n', 'd')}
          WHERE d._op = ${raw(`'${op}'`)}`,
    );
  const [modified] = await changed('modified', diff.source);
  const [reverted] = diff.earlier === null ? [] : await changed('reverted', diff.earlier);
  return columns.map((column, i) => ({
    column,
    changed: Number(modified?.[`n${i}`] ?? 0) + Number(reverted?.[`n${i}`] ?? 0),
  }));
}

function watchedColumns(shape: CoreShape): readonly string[] {
  const limits = shape.dataset.core.guards.max_changed;
  const known = valueColumns(shape);
  const unknown = [...limits.keys()].find((name) => name !== '*' && !known.includes(name));
  if (unknown === undefined) return limits.has('*') ? known : known.filter((name) => limits.has(name));
  throw new TidemarkError('bad-config', {
    message: `core.guards.max_changed of ${shape.dataset.name} names '${unknown}', which is no column of its values.`,
    hint: `Its columns: ${known.join(', ')}.`,
    where: { dataset: shape.dataset.name },
  });
}
