import { z } from 'zod';

/** Values that occur at many places of the configuration. */
export const name = z.string().min(1);
export const oneOrMany = z.union([name, z.array(name).min(1)]);
export const threshold = z
  .union([
    z.number().min(0),
    z.string().regex(/^\d+(\.\d+)?\s*%$/, 'is not a count such as 10 or a share such as 5%'),
  ])
  .describe('A count (10) or a share (5%).');
export const severity = z.enum(['error', 'warning', 'info']);
/** How many rows may break a rule before its severity counts. */
export const maxFailures = threshold
  .optional()
  .describe(
    'How many rows may break it: 10, or 2% of them. Up to this number they are kept, with warnings; above it, each counts by `severity`.',
  );
