import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../lake/project.ts';
import type { RunRecord } from '../lake/run-records.ts';
import { timestamp } from '../ledger/deliveries.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** Folders of runs whose records all began before a moment, including interrupted attempts. */
export function oldRunFolders(project: Project, cut: Date): string[] {
  if (!existsSync(project.runs)) return [];
  const limit = cut.toISOString();
  return readdirSync(project.runs, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(project.runs, entry.name))
    .filter((folder) => {
      const began = readdirSync(folder).map((file) => startOf(join(folder, file)));
      return began.length > 0 && began.every((at) => at !== null && at < limit);
    })
    .sort();
}

/** Null where the file is not a record, so that it is not judged. */
function startOf(path: string): string | null {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as RunRecord).started_at ?? null;
  } catch {
    return null;
  }
}

/** Calls before a moment, except those that showed personal data: who saw it stays on record. */
const OLD = (cut: Date) =>
  sql`started_at < CAST(${timestamp(cut)} AS TIMESTAMP) AND coalesce(message, '') NOT LIKE '%(--show-pii)%'`;

export async function oldCalls(session: Session, cut: Date): Promise<number> {
  const [row] = await session.query<{ n: number }>(
    sql`SELECT count(*) AS n FROM meta.run_log WHERE ${OLD(cut)}`,
  );
  return Number(row?.n);
}

/** The kept answers of these calls go with them. */
export async function pruneCalls(tx: Session, cut: Date): Promise<number> {
  await tx.execute(sql`DELETE FROM meta.answer_log WHERE answered_at < CAST(${timestamp(cut)} AS TIMESTAMP)`);
  return tx.execute(sql`DELETE FROM meta.run_log WHERE ${OLD(cut)}`);
}
