import { TidemarkError } from '../../errors/tidemark-error.ts';

const FIX = 'Correct your own file instead and deliver it again.';

/** A filled-in corrections.xlsx that cannot be put in place of what it corrects. */
export function replyRefused(message: string, hint: string = FIX): TidemarkError {
  return new TidemarkError('reply-refused', { message, hint });
}
