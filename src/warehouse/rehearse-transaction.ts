import type { Session, Warehouse } from './warehouse.ts';

class Outcome<T> {
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }
}

/**
 * Runs work in one transaction that is rolled back at its end, and returns what the work came to: a preview, a dry run,
 * or a reader that needs temporary tables. Nothing of it stays, except numbers taken from sequences. An error of the
 * work is thrown as it is.
 */
export async function rehearseTransaction<T>(
  warehouse: Warehouse,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  try {
    return await warehouse.transaction(async (session) => {
      throw new Outcome(await work(session));
    });
  } catch (thrown) {
    if (thrown instanceof Outcome) return thrown.value as T;
    throw thrown;
  }
}

/** Runs work in a transaction that is committed; in a dry run it is only rehearsed. */
export function transactionUnlessDry<T>(
  { warehouse, dryRun }: { readonly warehouse: Warehouse; readonly dryRun: boolean },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return dryRun ? rehearseTransaction(warehouse, work) : warehouse.transaction(work);
}
