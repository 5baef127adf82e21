import type { CheckEnv } from '../checks/check-env.ts';
import { checkForeignKeys } from '../checks/foreign-key.ts';
import { checkPrimaryKey, checkUniqueFields } from '../checks/keys.ts';
import { moduleOf } from '../checks/registry.ts';
import { sayNoRows } from '../checks/table-finding.ts';

/** The keys of the dataset and its checks of rows; nothing stops at the first fault. */
export async function checkEachRow(env: CheckEnv): Promise<void> {
  await checkPrimaryKey(env);
  await checkUniqueFields(env);
  await checkForeignKeys(env);
  for (const check of env.dataset.checks) {
    const module = moduleOf(check);
    if (module.finds === 'rows') await module.make(env, check, 0);
  }
}

/** The checks of the accepted rows as a whole. */
export async function checkWholeFile(env: CheckEnv, accepted: number): Promise<void> {
  if (env.read === 0) sayNoRows(env);
  for (const check of env.dataset.checks) {
    const module = moduleOf(check);
    if (module.finds === 'file') await module.make(env, check, accepted);
  }
}
