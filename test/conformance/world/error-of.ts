import { TidemarkError } from '../../../src/errors/tidemark-error.ts';

/** The error a step ends with. */
export async function errorOf(work: Promise<unknown>): Promise<TidemarkError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof TidemarkError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
