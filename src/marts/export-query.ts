import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { option, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { commitFile, FILE_MODE, temporaryName } from '../lake/atomic-write.ts';
import type { Project } from '../lake/project.ts';
import type { Sql } from '../sql/sql.ts';
import type { Session, Warehouse } from '../warehouse/warehouse.ts';
import { scanParquet } from './parquet-scan.ts';
import { writeArrow } from './write-arrow.ts';
import { writeXlsx } from './write-xlsx.ts';

const EXPORT_FORMATS = ['parquet', 'csv', 'xlsx', 'arrow'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface Exported {
  readonly path: string;
  readonly rows: number;
}

export interface ExportTarget {
  readonly format: ExportFormat;
  /** Absolute, or relative to the project. */
  readonly file: string;
  readonly overwrite: boolean;
}

/**
 * Writes the result of a query to a file: under a temporary name first, renamed when it is complete. Rows go through a
 * Parquet file and are never all in memory. An existing file is `already-exists`, unless it may be overwritten.
 */
export async function exportQuery(
  env: { readonly project: Project; readonly warehouse: Warehouse },
  query: (session: Session) => Promise<Sql>,
  target: ExportTarget,
): Promise<Exported> {
  const path = resolve(env.project.root, target.file);
  if (existsSync(path) && !target.overwrite) {
    throw new TidemarkError('already-exists', {
      message: `${target.file} is there already.`,
      hint: words`Choose another name, or overwrite it with ${option('force')}.`,
      where: { file: target.file },
    });
  }
  const parquet = temporaryName(
    target.format === 'parquet'
      ? path
      : join(env.project.scratch, `export-${basename(path, extname(path))}.parquet`),
  );
  const written = target.format === 'parquet' ? parquet : temporaryName(path);
  try {
    // No file is made before the query has succeeded.
    const rows = await env.warehouse.read(async (session) => {
      const statement = await query(session);
      mkdirSync(dirname(parquet), { recursive: true });
      return session.exportParquet(statement, parquet);
    });
    mkdirSync(dirname(path), { recursive: true });
    if (target.format !== 'parquet')
      await convert(parquet, written, target.format, basename(path, extname(path)));
    chmodSync(written, FILE_MODE);
    commitFile(written, path);
    return { path, rows };
  } finally {
    rmSync(parquet, { force: true });
    rmSync(written, { force: true });
  }
}

async function convert(parquet: string, path: string, format: ExportFormat, title: string): Promise<void> {
  const scan = await scanParquet(parquet);
  try {
    if (format === 'csv') await scan.writeCsv(path);
    else if (format === 'xlsx') await writeXlsx(scan, path, title);
    else await writeArrow(scan, path);
  } finally {
    scan.close();
  }
}
