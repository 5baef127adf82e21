import { blank, type CommandOptions } from '../errors/advice.ts';

/** Who decided, and for what reason; both go into the log. */
export interface WhoAndWhy {
  readonly by: string;
  readonly reason: string;
}

/** As options of a proposed command; to be filled in where nobody has decided yet. */
export function decidedBy(decided: WhoAndWhy | null = null): CommandOptions {
  if (decided === null) return { by: blank('NAME'), reason: blank('…') };
  return { by: decided.by, reason: decided.reason };
}
