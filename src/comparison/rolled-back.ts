import type { Session, Warehouse } from '../warehouse/warehouse.ts';

class Answer<T> {
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }
}

/** Runs work in one snapshot that may make temporary tables: everything it made is rolled back. */
export async function rolledBack<T>(
  warehouse: Warehouse,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  try {
    return await warehouse.transaction(async (session) => {
      throw new Answer(await work(session));
    });
  } catch (thrown) {
    if (thrown instanceof Answer) return thrown.value as T;
    throw thrown;
  }
}
