import type { Client } from 'pg';
import { RuleBroken } from '../rule-broken.ts';
import type { StatementQueue } from '../statement-queue.ts';

/** What PostgreSQL tells of a constraint that is broken. */
interface BrokenConstraint {
  readonly code?: string;
  readonly constraint?: string;
  readonly column?: string;
}

/** 23…: a constraint, also one of a domain; P0001: a trigger that a person wrote raised an exception. */
const RULES = /^(23...|P0001)$/;
const NOT_NULL = '23502';

/** Runs a part of the transaction between a savepoint and its release; see `Session.attempt`. */
export async function attempt<T>(
  client: Client,
  statements: StatementQueue,
  begin: () => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  const run = (text: string) => statements.run(async () => void (await client.query(text)));
  await statements.run(begin);
  await run('SAVEPOINT tidemark_attempt');
  try {
    const answer = await work();
    // A deferred constraint would only speak at the commit, when it is too late.
    await run('SET CONSTRAINTS ALL IMMEDIATE');
    await run('RELEASE SAVEPOINT tidemark_attempt');
    return answer;
  } catch (error) {
    const { failure } = statements;
    const rule = failure === null ? null : ruleOf(statements.cause as BrokenConstraint);
    if (failure !== null && rule === null) throw error;
    statements.forget();
    await run('ROLLBACK TO SAVEPOINT tidemark_attempt');
    await run('RELEASE SAVEPOINT tidemark_attempt');
    throw failure === null || rule === null ? error : new RuleBroken(rule, failure);
  }
}

function ruleOf({ code, constraint, column }: BrokenConstraint): string | null {
  if (!RULES.test(code ?? '')) return null;
  if (code === NOT_NULL && column !== undefined) return `${column} must have a value there`;
  return constraint === undefined ? 'a rule of the database' : `the constraint '${constraint}'`;
}
