import { z } from 'zod';
import { NO_RETENTION, parseAge, type Retention } from '../domain/retention.ts';

const age = z
  .string()
  .refine((text) => parseAge(text) !== null, { message: 'must be an age such as 30d, 8w, 12m or 2y' });

/** `retention:` as it is written. */
export const retentionSchema = z.strictObject({
  keep_deliveries: z
    .int()
    .min(1)
    .optional()
    .describe('The newest deliveries of every period and slice whose files are kept.'),
  older_than: age
    .optional()
    .describe('Files of deliveries and records of runs younger than this are kept: 30d, 8w, 12m or 2y.'),
  journal_older_than: age
    .optional()
    .describe('Before-images younger than this are kept; older promotions can no longer be rolled back.'),
  records: age
    .optional()
    .describe(
      'The text and the errors of records that were promoted later than this are kept; of older ones only the row remains.',
    ),
});

export function resolveRetention(written: z.infer<typeof retentionSchema> | undefined): Retention {
  if (written === undefined) return NO_RETENTION;
  return {
    keepDeliveries: written.keep_deliveries ?? null,
    olderThan: parseAge(written.older_than ?? ''),
    journalOlderThan: parseAge(written.journal_older_than ?? ''),
    recordsOlderThan: parseAge(written.records ?? ''),
  };
}
