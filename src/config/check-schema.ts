import { z } from 'zod';
import { CHECKS } from '../checks/registry.ts';
import { maxFailures, name, severity } from '../checks/schema-words.ts';

/** Keys that every check may have. */
const COMMON = {
  name: name.optional().describe('What people call it; the kind of check by default.'),
  severity: severity.optional().describe('error by default.'),
  message: z.string().optional().describe('What the analyst is told.'),
  max_failures: maxFailures,
};

/** Keys that all checks may have, and those of single kinds as their modules define them. */
export type CheckAsWritten = z.infer<typeof check>;

const keys: z.ZodRawShape = { ...COMMON };
for (const module of CHECKS) Object.assign(keys, module.keys);

/** A check as it is written: exactly one of the keys that say what is checked, and how strictly. */
export const check = z.strictObject(keys) as unknown as z.ZodObject<
  typeof COMMON,
  z.core.$catchall<z.ZodUnknown>
>;
