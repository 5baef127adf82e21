import { TidemarkError } from '../../../src/errors/tidemark-error.ts';
import type { Warehouse } from '../../../src/warehouse/warehouse.ts';

/** Counts commits, and loses the answer to one of them: what was committed is, and the caller is told that it is not. */
export interface Loss {
  commits: number;
  /** The commit whose answer is lost, counted from 1; 0: none. */
  at: number;
}

export function losingAnswers(warehouse: Warehouse, loss: Loss): Warehouse {
  return new Proxy(warehouse, {
    get(target, name) {
      if (name === 'transaction') {
        return async (work: Parameters<Warehouse['transaction']>[0]) => {
          const answer = await target.transaction(work);
          loss.commits++;
          if (loss.commits === loss.at) throw lost();
          return answer;
        };
      }
      const member = Reflect.get(target, name, target) as unknown;
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

function lost(): TidemarkError {
  return new TidemarkError('database-unreachable', { message: 'The connection was lost.' });
}
