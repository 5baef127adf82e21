import type { KeepAlive } from './keep-alive.ts';

/**
 * What the server says of a connection: it works for it, it waits for us or knows it no more, it has it but cannot say
 * what it does (another role's, or no connection of a pooler is free to ask).
 */
export type Answer = 'works' | 'waits for us' | 'cannot say';

export interface Watched {
  /** The server owes an answer, and takes or sends no bytes because of it, not because of us. */
  isOwed(): boolean;
  /** Bytes that went through so far, in both directions. */
  bytes(): number;
  /** Asks the server on a connection of its own; throws where it does not answer. */
  ask(timeoutMs: number): Promise<Answer>;
  /** Called once, with the words of the message. */
  onLost(reason: string): void;
}

/** A server that answers others and cannot say what it does for us is given this long. */
const UNTOLD_LIMIT_MS = 5 * 60 * 1000;
/** A server that works without a word is asked more and more seldom, down to this. */
const SELDOM_MS = 60_000;
/** Times in a row that the server has to say that it waits for us: the first may have crossed our words. */
const MISUNDERSTANDINGS = 2;

/**
 * Watches a connection while the server owes an answer. Silence may be work, a lock, or a line that is dead at one end,
 * which nobody notices who waits; so the server is asked about it on another line. Answers the end of the watch.
 */
export function watch(line: Watched, keepAlive: KeepAlive): () => void {
  const { idleMs, intervalMs, count, limitMs } = keepAlive;
  const now = () => performance.now();
  let bytes = line.bytes();
  let heardAt = now();
  let explainedAt = heardAt;
  let askAt = heardAt + idleMs;
  let pauseMs = idleMs;
  let unanswered = 0;
  let misunderstood = 0;
  let asking = false;
  let ended = false;

  const hear = () => {
    heardAt = explainedAt = now();
    askAt = heardAt + idleMs;
    pauseMs = idleMs;
    unanswered = misunderstood = 0;
  };
  const end = () => {
    ended = true;
    clearInterval(timer);
  };
  const lose = (reason: string) => {
    if (ended) return;
    end();
    line.onLost(reason);
  };
  const silence = () => `${Math.round((now() - heardAt) / 1000)} s`;

  async function question(): Promise<void> {
    const heardBefore = heardAt;
    const answer = await line.ask(intervalMs).catch(() => null);
    if (ended || heardAt !== heardBefore) return;
    askAt = now() + intervalMs;
    if (answer === null) {
      if (++unanswered >= count) lose(`nothing was heard of it for ${silence()}`);
      return;
    }
    unanswered = 0;
    explainedAt = now();
    if (answer === 'waits for us') {
      if (++misunderstood >= MISUNDERSTANDINGS)
        lose(`the connection is dead: nothing came through for ${silence()}`);
      return;
    }
    misunderstood = 0;
    if (answer === 'cannot say') {
      if (now() - heardAt >= UNTOLD_LIMIT_MS) lose(`nothing came through for ${silence()}`);
      return;
    }
    pauseMs = Math.min(pauseMs * 2, SELDOM_MS);
    askAt = now() + pauseMs;
  }

  function look(): void {
    const through = line.bytes();
    if (through !== bytes || !line.isOwed()) {
      bytes = through;
      hear();
    } else if (!asking && now() >= askAt) {
      asking = true;
      void question().finally(() => {
        asking = false;
      });
    } else if (now() - explainedAt >= limitMs + pauseMs - idleMs) {
      lose(`nothing was heard of it for ${silence()}`);
    }
  }

  const timer = setInterval(look, Math.max(20, Math.min(idleMs / 4, 500)));
  timer.unref();
  return end;
}
