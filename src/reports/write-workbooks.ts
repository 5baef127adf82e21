import { rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Limits } from '../domain/limits.ts';
import { commitFile, temporaryName } from '../lake/atomic-write.ts';
import { sha256Of } from '../lake/file-hash.ts';
import { writeAnnotated } from './annotated/write-annotated.ts';
import { shownOf } from './corrections/summary-lines.ts';
import { writeCorrections } from './corrections/write-corrections.ts';
import type { ProblemList } from './problem-list.ts';
import type { ValidationReport } from './validation-report.ts';

export interface WorkbooksInput {
  /** The report folder of the delivery; it is there. */
  readonly folder: string;
  /** The landed file, absolute. */
  readonly landed: string;
  readonly report: ValidationReport;
  readonly problems: ProblemList | null;
  readonly limits: Limits;
  /** Whether the landed file is what the problems are in. */
  readonly annotate: boolean;
}

export interface WrittenWorkbooks {
  /** Absolute paths. */
  readonly paths: readonly string[];
  /** What could not be written, as sentences: a report that is missing makes no data wrong. */
  readonly warnings: readonly string[];
}

/** Beside the report: corrections.xlsx to fill in, and, of a workbook, a copy with its cells coloured and commented. */
export async function writeWorkbooks(input: WorkbooksInput): Promise<WrittenWorkbooks> {
  const { folder, landed, report, problems, limits } = input;
  const ending = extname(landed).toLowerCase();
  const corrections = join(folder, 'corrections.xlsx');
  const annotated = join(folder, `annotated${ending === '.xlsm' ? ending : '.xlsx'}`);
  for (const path of [corrections, annotated]) rmSync(path, { force: true });
  const paths: string[] = [];
  const warnings: string[] = [];
  if (problems === null) return { paths, warnings };
  const attempt = async (path: string, write: (temporary: string) => Promise<void>): Promise<void> => {
    const temporary = temporaryName(path);
    try {
      await write(temporary);
      commitFile(temporary, path);
      paths.push(path);
    } catch (error) {
      rmSync(temporary, { force: true });
      warnings.push(notWritten(path, error));
    }
  };
  await attempt(corrections, (path) => writeCorrections(path, report, problems, limits));
  const { sheet } = report;
  if (!input.annotate || sheet === null || !['.xlsx', '.xlsm'].includes(ending)) return { paths, warnings };
  await attempt(annotated, async (path) => {
    const listed = shownOf('problem', problems.problems.length, problems.total, 'listed here');
    const headline = `Delivery ${report.fileId}. ${listed}`;
    await writeAnnotated(path, { source: landed, sheet, problems: problems.problems, headline, limits });
    // Written from the file a second time: what was judged must be what is shown.
    if ((await sha256Of(landed)) !== report.sha256) throw new Error('the file changed meanwhile');
  });
  return { paths, warnings };
}

function notWritten(path: string, error: unknown): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const why = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
  return `${name} could not be written: ${why}.`;
}
