import { CHECKS } from '../../checks/registry.ts';
import type { KeyExamples } from './key-examples.ts';

const GROUP = 'datasets.<name>.checks[]';

const examples: Record<string, Record<string, string>> = {
  [GROUP]: {
    name: 'name: enough_rows, rows: {min: 100}',
    severity: 'expect: "amount <= 2500", severity: warning',
    message: 'expect: "amount <= 2500", message: The amount is unusually high.',
    max_failures: 'expect: "amount <= 2500", max_failures: 2%',
  },
};
for (const { examples: own } of CHECKS) {
  for (const [path, keys] of Object.entries(own)) {
    const group = path === '' ? GROUP : `${GROUP}.${path}`;
    examples[group] = { ...examples[group], ...keys };
  }
}

/** Examples of the keys of checks: those of all checks, and those that the modules of single kinds give. */
export const CHECK_EXAMPLES: Readonly<Record<string, KeyExamples>> = examples;
