import { createHash } from 'node:crypto';
import type { StepResult } from '../domain/result.ts';
import { decidedBy, type WhoAndWhy } from '../domain/who-and-why.ts';
import { type CommandOptions, command, joinWords, type Words, words } from '../errors/advice.ts';
import { type ErrorPlace, TidemarkError } from '../errors/tidemark-error.ts';

/** A decision may be bound to what a preview showed. */
export interface SeenInput {
  /** The fingerprint that the preview answered; without it, whatever is found now is decided. */
  readonly seen?: string | null;
}

/** Digits of a fingerprint: enough that two previews of one call never share it by chance. */
const DIGITS = 16;

/** The fingerprint of what a preview shows of one thing: counts, numbers and names, never times. */
export function seenOf(shown: unknown): string {
  const text = JSON.stringify(['tidemark.seen.v1', shown]);
  return createHash('sha256').update(text).digest('hex').slice(0, DIGITS);
}

/** One fingerprint for the things of a call, in its order. */
export function seenTogether(each: readonly string[]): string {
  const [only] = each;
  return each.length === 1 && only !== undefined ? only : seenOf(each);
}

/** What a refusal needs to say what would be done now, and how to look again. */
export interface Now {
  /** The preview as it is now. */
  readonly told: Words;
  /** Nothing is left to decide, so no decision is proposed. */
  readonly isDone?: boolean;
  readonly step: string;
  /** The options of the call, without who and why. */
  readonly options: CommandOptions;
  /** Undefined: the call is no decision of a person. */
  readonly decided: WhoAndWhy | undefined;
  readonly where: ErrorPlace;
}

/**
 * Refuses (`seen-changed`) where a preview made now has another fingerprint than the one that was seen. To be called
 * before the transaction of the decision is committed.
 */
export function refuseUnseen(seen: string | null | undefined, now: string, about: Now): void {
  if (seen === null || seen === undefined || seen === now) return;
  const { step, options, decided } = about;
  const again = command(step, { ...options, dryRun: true });
  const who = decided === undefined ? {} : decidedBy(decided);
  const right = words` If it is right: ${command(step, { ...options, ...who, seen: now })}`;
  throw new TidemarkError('seen-changed', {
    message: words`What would be done is not what has the fingerprint ${seen}. Now: ${about.told} Nothing was changed.`,
    hint: words`Look again: ${again}.${about.isDone === true ? '' : right}`,
    where: about.where,
  });
}

/** One of several things that a call decides, each in a transaction of its own. */
export interface Part {
  readonly name: string;
  /** Its fingerprint where this call did it before, when its answer was lost. */
  readonly before: string | null;
  /** What would be done to it now. */
  preview(): Promise<Preview>;
}

export interface Preview {
  readonly seen: string;
  readonly told: Words;
}

/**
 * The fingerprint that each part must still have in its own transaction; null where the call was not bound to a preview.
 * Refuses the whole call, before anything changes, where the parts together are not what was seen.
 */
export async function seenParts(
  seen: string | null | undefined,
  parts: readonly Part[],
  about: Omit<Now, 'told'>,
): Promise<ReadonlyMap<string, string> | null> {
  if (seen === null || seen === undefined) return null;
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return new Map([[only.name, seen]]);
  const found = new Map<string, string>();
  const told: Words[] = [];
  for (const part of parts) {
    const preview = part.before === null ? await part.preview() : { seen: part.before, told: '' };
    found.set(part.name, preview.seen);
    if (preview.told !== '') told.push(preview.told);
  }
  const now = told.length === 0 ? 'there is nothing to do.' : joinWords(told, ' ');
  refuseUnseen(seen, seenTogether([...found.values()]), { ...about, told: now, isDone: told.length === 0 });
  return found;
}

/** The result of a call with the fingerprint of what it shows, where it is a preview; null: it is a decision. */
export function withSeen(result: StepResult, shown: readonly StepResult[] | null): StepResult {
  const { seen: _, ...plain } = result;
  if (shown === null || (shown.length > 0 && shown.every(({ exitCode }) => exitCode !== 0))) return plain;
  return { ...plain, seen: seenTogether(shown.map((one) => one.seen ?? seenOf({ stopped: one.exitCode }))) };
}
