import type { KeepAlive } from './keep-alive.ts';

/**
 * The server's answer about a connection: it works for it; it waits for us or does not know it any more; or it has it
 * but cannot say what it is doing (the connection has another role, or no connection of a pooler is free to ask).
 */
export type Answer = 'works' | 'waits for us' | 'cannot say';

export interface Watched {
  /** We wait for an answer, and no bytes flow because of the server, not because of us. */
  isOwed(): boolean;
  /** Bytes sent and received so far. */
  bytes(): number;
  /** Asks the server on a connection of its own; throws where it does not answer. */
  ask(timeoutMs: number): Promise<Answer>;
  /** Called once, with the words of the message. */
  onLost(reason: string): void;
}

/** How long a server may take that answers others and cannot say what it is doing for us. */
const UNTOLD_LIMIT_MS = 5 * 60 * 1000;
/** A server that works without sending anything is asked more and more rarely, down to this rate. */
const SELDOM_MS = 60_000;
/** How often in a row the server has to say that it waits for us: the first answer may have crossed our message. */
const MISUNDERSTANDINGS = 2;

/**
 * Watches a connection while we wait for an answer. The silence may be work, a lock, or a connection that is dead at
 * one end, which cannot be noticed by waiting. So the server is asked about it on another connection. Returns a
 * function that ends the watch.
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
