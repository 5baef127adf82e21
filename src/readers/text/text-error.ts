import { type Limits, limitMet } from '../../domain/limits.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';

/** The file cannot be read as text: says the file, the line and the reason. */
export function unreadable(file: string, line: number | null, reason: string, hint?: string): TidemarkError {
  const at = line === null ? '' : `, line ${line}`;
  return new TidemarkError('file-unreadable', {
    message: `'${file}'${at}: ${reason}`,
    ...(hint === undefined ? {} : { hint }),
    where: { file },
  });
}

/** The file exceeds a limit: says the file, what is too large, and the limit by its configured name. */
export function overLimit(file: string, limit: keyof Limits, limits: Limits, reason: string): TidemarkError {
  return new TidemarkError('limit-exceeded', {
    message: `'${file}': ${reason}; ${limitMet(limit, limits)}`,
    hint: `Split the file, or raise limits.${limit} in datasets_config.yml.`,
    where: { file },
  });
}
