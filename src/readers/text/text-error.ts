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

export function overLimit(file: string, limit: string, reason: string): TidemarkError {
  return new TidemarkError('limit-exceeded', {
    message: `'${file}': ${reason} (limit ${limit})`,
    hint: `Split the file, or raise limits.${limit} in datasets_config.yml.`,
    where: { file },
  });
}
