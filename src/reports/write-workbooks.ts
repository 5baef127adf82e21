import { rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Limits } from '../domain/limits.ts';
import { commitFile, temporaryName } from '../lake/atomic-write.ts';
import { sha256Of } from '../lake/file-hash.ts';
import { writeAnnotated } from './annotated/write-annotated.ts';
import { shownOf } from './corrections/summary-lines.ts';
import { writeCorrections } from './corrections/write-corrections.ts';
import type { Problem, ProblemList } from './problem-list.ts';
import type { ValidationReport } from './validation-report.ts';

export interface WorkbooksInput {
  /** The report folder of the delivery; it exists. */
  readonly folder: string;
  /** The landed file, absolute. */
  readonly landed: string;
  readonly report: ValidationReport;
  readonly problems: ProblemList | null;
  readonly limits: Limits;
  /** Whether the problems are in the landed file itself. */
  readonly annotate: boolean;
}

export interface WrittenWorkbooks {
  /** Absolute paths. */
  readonly paths: readonly string[];
  /** What could not be written, as sentences: a missing report is no error of the data. */
  readonly warnings: readonly string[];
}

/**
 * Writes beside the report: corrections.xlsx to fill in and, for a workbook, a copy with its cells coloured and
 * commented.
 */
export async function writeWorkbooks(input: WorkbooksInput): Promise<WrittenWorkbooks> {
  const { folder, report, problems, limits } = input;
  const corrections = join(folder, 'corrections.xlsx');
  rmSync(corrections, { force: true });
  const listed = problems?.problems ?? [];
  const shown = shownOf('problem', listed.length, problems?.total ?? 0, 'listed here');
  const headline = `Delivery ${report.fileId}. ${shown}`;
  const annotated = await annotateBeside({ ...input, problems: input.annotate ? listed : [], headline });
  if (problems === null) return annotated;
  const written = await attempt(corrections, (path) => writeCorrections(path, report, problems, limits));
  return {
    paths: [...written.paths, ...annotated.paths],
    warnings: [...written.warnings, ...annotated.warnings],
  };
}

export type AnnotateInput = Pick<WorkbooksInput, 'folder' | 'landed' | 'report' | 'limits'> & {
  readonly problems: readonly Problem[];
  readonly headline: string;
};

/** A copy of a landed workbook with its cells coloured and commented; not for other files, and not without problems. */
export async function annotateBeside(input: AnnotateInput): Promise<WrittenWorkbooks> {
  const { folder, landed, report, problems, headline, limits } = input;
  const ending = extname(landed).toLowerCase();
  const annotated = join(folder, `annotated${ending === '.xlsm' ? ending : '.xlsx'}`);
  rmSync(annotated, { force: true });
  const { sheet } = report;
  if (sheet === null || problems.length === 0 || !['.xlsx', '.xlsm'].includes(ending))
    return { paths: [], warnings: [] };
  return attempt(annotated, async (path) => {
    await writeAnnotated(path, { source: landed, sheet, problems, headline, limits });
    // Written from the file itself, read a second time: the copy must show what was checked.
    if ((await sha256Of(landed)) !== report.sha256) throw new Error('the file changed meanwhile');
  });
}

async function attempt(path: string, write: (temporary: string) => Promise<void>): Promise<WrittenWorkbooks> {
  const temporary = temporaryName(path);
  try {
    await write(temporary);
    commitFile(temporary, path);
    return { paths: [path], warnings: [] };
  } catch (error) {
    rmSync(temporary, { force: true });
    return { paths: [], warnings: [notWritten(path, error)] };
  }
}

function notWritten(path: string, error: unknown): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const why = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
  return `${name} could not be written: ${why}.`;
}
