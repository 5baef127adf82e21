import { z } from 'zod';
import { name, oneOrMany, threshold } from '../checks/schema-words.ts';

/** How stage rows are promoted, as it is written. */
export const coreSchema = z.strictObject({
  table: name.optional().describe("The core table; the dataset's name by default."),
  key: oneOrMany.optional().describe('The business key; the primary key by default.'),
  strategy: z
    .enum(['upsert', 'replace_period', 'history'])
    .optional()
    .describe(
      'upsert: one row a key; replace_period: the rows of each period; history: how each key was, from period to period. replace_period by default, upsert for lists.',
    ),
  covers: z
    .enum(['all', 'period'])
    .optional()
    .describe('all: a delivery is the whole register; period: it has the rows of its period only.'),
  missing: z
    .enum(['keep', 'close', 'delete'])
    .optional()
    .describe('What happens to core rows that the delivery should have and lacks; keep by default.'),
  on_duplicate: z
    .enum(['skip', 'update'])
    .optional()
    .describe(
      'Records whose key is in core: skip (the default) links them to its row; update gives the row their values.',
    ),
  guards: z
    .strictObject({
      max_removed: threshold.optional().describe('Core rows that are removed or closed.'),
      max_modified: threshold.optional().describe('Core rows that get other values.'),
      max_added: threshold.optional().describe('New rows, against those of core.'),
      max_drop: threshold
        .optional()
        .describe('How many rows fewer than core a delivery may have; 0: no row may be missing.'),
      max_changed: z
        .union([threshold, z.record(z.string(), threshold)])
        .optional()
        .describe(
          'How many of the rows that stay may change in one column: for every column, or by its name (`*`: every other one).',
        ),
      min_rows: z.int().min(0).optional().describe('The fewest rows a promotion may bring.'),
    })
    .optional()
    .describe('Limits on what one promotion may change.'),
  identity: name
    .optional()
    .describe(
      'A column of surrogate keys: each key gets a whole number, which it keeps and which no other key ever gets.',
    ),
  references: z
    .array(
      z.strictObject({
        column: name.describe('The column of core that holds the surrogate key of the row referred to.'),
        fields: oneOrMany.describe(
          'The columns that hold its natural key, in the order of its core.key. Slices that both datasets have are added.',
        ),
        dataset: name.describe('The dataset referred to, this one or another; it has an identity.'),
      }),
    )
    .optional()
    .describe('Natural parents resolved to surrogate keys; rows that refer to nothing stop the promotion.'),
  rollout: z
    .enum(['immediate', 'staged'])
    .optional()
    .describe(
      'staged: new rows stay out of marts and of core.<table>_live until `go-live`; immediate by default.',
    ),
  review: z.enum(['optional', 'required']).optional().describe('required: transform waits for an approval.'),
});
