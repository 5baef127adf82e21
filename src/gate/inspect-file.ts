import type { Finding } from '../domain/finding.ts';
import type { Limits } from '../domain/limits.ts';
import { shownText } from '../domain/shown-text.ts';
import type { WriteWords } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { LandedFile } from '../lake/landed.ts';
import type { Source } from '../readers/reader.ts';
import { fileFinding } from './file-refusal.ts';
import { type Located, locateTable } from './locate-table.ts';
import type { NamedDelivery } from './match-dataset.ts';
import { openLanded } from './open-landed.ts';

/** What the gate saw in a file. */
export interface Inspection {
  readonly findings: readonly Finding[];
  /** Why the file is refused; null where it is not. */
  readonly refusal: { readonly message: string; readonly fix: string | null } | null;
  readonly located: Located | null;
}

/** A refusal for one finding. */
export function refusedFor(finding: Finding): Inspection {
  return { findings: [finding], refusal: { message: finding.message, fix: finding.fix }, located: null };
}

/**
 * Opens a landed file and looks at its head: sheets, header row, headers. Everything that is wrong with the file
 * becomes a refusal with findings; only problems outside the file are thrown.
 */
export async function inspectFile(
  file: LandedFile,
  named: NamedDelivery,
  limits: Limits,
  write: WriteWords,
  open: () => Promise<Source> = () => openLanded(file.absolute, named.dataset, limits),
): Promise<Inspection> {
  try {
    const source = await open();
    try {
      return inspectionOf(file, await locateTable(source, named.dataset, file.path));
    } finally {
      await source.close();
    }
  } catch (error) {
    return refusedFor(unreadableFinding(file, named.dataset.name, error, write));
  }
}

function inspectionOf(file: LandedFile, located: Located): Inspection {
  const message = located.message === null ? null : `'${shownText(file.name)}': ${located.message}`;
  const errors = located.findings.filter((one) => one.severity === 'error');
  const fixes = [...new Set(errors.flatMap((one) => one.fix ?? []))];
  return {
    located,
    findings: located.findings,
    refusal: message === null ? null : { message, fix: fixes.slice(0, 3).join(' ') || null },
  };
}

function unreadableFinding(file: LandedFile, dataset: string, error: unknown, write: WriteWords): Finding {
  if (error instanceof TidemarkError && error.exitCode === 3) {
    const message = error.message.includes(file.name)
      ? error.message
      : `'${shownText(file.name)}': ${error.message}`;
    return fileFinding(file, dataset, { code: error.code, message, fix: write(error.hint) });
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    return fileFinding(file, dataset, {
      code: 'file-unreadable',
      message: `'${shownText(file.name)}' cannot be opened: this user has no right to read it.`,
      fix: 'Give the user that runs Tidemark the right to read the file.',
    });
  }
  throw error;
}
