import { basename } from 'node:path';
import { option, words } from '../../errors/advice.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { Conflict } from '../until-no-conflict.ts';

/** What the failure of a statement means: a conflict to retry, or the error to end with. */
export function statementError(error: unknown, signal: AbortSignal | undefined): Error {
  if (error instanceof TidemarkError || error instanceof Conflict) return error;
  const text = String((error as Error | null)?.message ?? error);
  if (signal?.aborted && /interrupt/i.test(text)) return signal.reason as Error;
  // Tested before the conflicts: a commit without free disk space says 'failed to commit' too.
  if (isDiskFull(text)) return diskFull(error);
  // A commit without memory says so as well, and would fail again.
  const lacksMemory = /failed to (pin|allocate)|out of memory/i.test(text);
  if (!lacksMemory && /TransactionContext Error/.test(text) && /conflict|failed to commit/i.test(text)) {
    return new Conflict('rows', error);
  }
  if (/write-write conflict/i.test(text)) return new Conflict('rows', error);
  const { shown, masked } = withoutValues(text);
  return new TidemarkError('statement-failed', {
    message: `The warehouse could not carry out a statement: ${shown}`,
    // The cause is dropped, because it is printed with its text, and the text quotes the value.
    ...(masked ? {} : { cause: error }),
  });
}

export function openingError(path: string, error: unknown): TidemarkError {
  const text = String((error as Error).message);
  if (isDiskFull(text)) return diskFull(error);
  const name = basename(path);
  if (/not a valid DuckDB database file/i.test(text)) {
    return new TidemarkError('database-refused', {
      message: `${name} is not a DuckDB file.`,
      hint: words`Check the path in ${option('databaseUrl')}; nothing was written to the file.`,
      cause: error,
    });
  }
  if (/version number|serialization compatibility|storage version/i.test(text)) {
    return new TidemarkError('newer-schema', {
      message: `${name} was written by another version of DuckDB: ${firstLine(text)}`,
      cause: error,
    });
  }
  if (/permission denied|read-only file system|not a directory|is a directory/i.test(text)) {
    return new TidemarkError('database-refused', {
      message: `${name} cannot be opened: ${firstLine(text)}`,
      hint: 'Check the path and its rights.',
      cause: error,
    });
  }
  if (
    (error as NodeJS.ErrnoException).code === 'EACCES' ||
    (error as NodeJS.ErrnoException).code === 'EROFS'
  ) {
    return new TidemarkError('database-refused', {
      message: `The folder of ${name} cannot be made.`,
      cause: error,
    });
  }
  return new TidemarkError('statement-failed', {
    message: `${name} cannot be opened: ${firstLine(text)}`,
    hint: 'The file may be damaged; restore it from a backup, and keep its .wal file beside it.',
    cause: error,
  });
}

function isDiskFull(text: string): boolean {
  return /no space left on device|not enough disk space|disk quota exceeded/i.test(text);
}

function diskFull(cause: unknown): TidemarkError {
  return new TidemarkError('disk-full', {
    message: 'The disk of the warehouse is full; nothing was changed.',
    cause,
  });
}

/** Errors about data quote the value, which may be personal; errors about names do not. */
function withoutValues(text: string): { shown: string; masked: boolean } {
  const line = firstLine(text);
  if (!/^(Conversion|Invalid Input|Constraint|Out of Range|Mismatch Type)/.test(line))
    return { shown: line, masked: false };
  const shown = line.replace(/'[^']*'|"[^"]*"/g, '…');
  return { shown, masked: true };
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').trim();
}
