import { blank, type CommandOptions } from '../errors/advice.ts';
import { shellWord } from './shell-word.ts';

/** Who decided, and for what reason; both go into the log. */
export interface WhoAndWhy {
  readonly by: string;
  readonly reason: string;
}

/** As flags of a proposed command; with placeholders where nobody has decided yet. */
export function whoAndWhyFlags(decided: WhoAndWhy | null = null): string {
  if (decided === null) return ' --by NAME --reason "…"';
  return ` --by ${shellWord(decided.by)} --reason ${shellWord(decided.reason)}`;
}

/** As options of a proposed command; to be filled in where nobody has decided yet. */
export function decidedBy(decided: WhoAndWhy | null = null): CommandOptions {
  if (decided === null) return { by: blank('NAME'), reason: blank('…') };
  return { by: decided.by, reason: decided.reason };
}
