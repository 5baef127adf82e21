import { z } from 'zod';
import { LOCALE_NAMES } from '../domain/locale.ts';

/** Values that occur at many places of the configuration. */
export const name = z.string().min(1);
export const oneOrMany = z.union([name, z.array(name).min(1)]);
/** A text that YAML may have read as a number or a boolean; `007` without quotes is refused when the file is read. */
export const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
export const threshold = z
  .union([
    z.number().min(0),
    z.string().regex(/^\d+(\.\d+)?\s*%$/, 'is not a count such as 10 or a share such as 5%'),
  ])
  .describe('A count (10) or a share (5%).');
export const locale = z.enum(LOCALE_NAMES);
export const severity = z.enum(['error', 'warning', 'info']);
/** How many rows may break a rule before its severity counts. */
export const maxFailures = threshold
  .optional()
  .describe(
    'How many rows may break it: 10, or 2% of them. Up to this number they are kept, with warnings; above it, each counts by `severity`.',
  );
