import { type Limits, limitMet } from '../../domain/limits.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';

const SAVE_AGAIN = 'Open it in Excel, save it as Excel workbook (.xlsx) and drop it into data/landed again.';

/** The file is not, or no longer, a workbook that can be read exactly. */
export function unreadable(message: string, hint: string = SAVE_AGAIN, cause?: unknown): TidemarkError {
  return new TidemarkError('file-unreadable', { message, hint, ...(cause === undefined ? {} : { cause }) });
}

/**
 * The file exceeds a limit; the message ends with the limit's configured name, so that the reader knows which one to
 * raise.
 */
export function overLimit(name: keyof Limits, limits: Limits, what: string): TidemarkError {
  return new TidemarkError('limit-exceeded', {
    message: `${what}; ${limitMet(name, limits)}`,
    hint: `Split or clean the file, or raise limits.${name} in datasets_config.yml.`,
  });
}
