import { CHECK_EXAMPLES } from './check-examples.ts';
import { CORE_EXAMPLES } from './core-examples.ts';
import { DATASET_EXAMPLES } from './dataset-examples.ts';
import { FIELD_EXAMPLES } from './field-examples.ts';

/** Examples of the keys of one group: key → YAML as it is written in braces, with other keys where it needs them. */
export type KeyExamples = Readonly<Record<string, string>>;

/**
 * An example of every key of the configuration, for docs/config.md, by the path of the group that the key is in. A test
 * loads each of them, and fails for a key without one.
 */
export const KEY_EXAMPLES: Readonly<Record<string, KeyExamples>> = {
  ...DATASET_EXAMPLES,
  ...FIELD_EXAMPLES,
  ...CHECK_EXAMPLES,
  ...CORE_EXAMPLES,
};
