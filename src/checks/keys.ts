import type { CheckEnv } from './check-env.ts';
import type { FindingEntry } from './finding-entry.ts';
import { columnNamed, labelOf } from './planned-column.ts';
import { addShared, WORDINGS as SHARED } from './shared-values.ts';
import { wordings, wordsOf } from './wording.ts';

export const FINDINGS: readonly FindingEntry[] = [
  {
    code: 'primary-key',
    title: 'A key is missing or occurs several times',
    meaning:
      'Rows are told apart by their key. All rows that share a key are rejected, because nobody can know which one is right.',
    example: 'Two rows with citizen_id 17, or a row without one.',
    cure: 'Give each row a key of its own.',
  },
];

export const WORDINGS = wordings({
  'primary-key': {
    summary: '{column}: the key is in several rows',
    message: '{column}: {value} is in more than one row.',
    fix: 'Keep one of the rows that share it, or correct the others.',
  },
  'primary-key.missing': {
    summary: '{column} is missing; it is part of the key',
    message: '{column} is missing; it is part of the key.',
    fix: 'Fill in the cell.',
  },
});

/** The values of fields with the constraint `unique`. */
export async function checkUniqueFields(env: CheckEnv): Promise<void> {
  const [only, second] = env.dataset.primaryKey;
  for (const column of env.plan) {
    if (!column.field.constraints.unique || (second === undefined && only === column.name)) continue;
    const words = wordsOf(SHARED['unique-error'], { column: labelOf(column.field) });
    await addShared(env, [column], { name: 'unique', ...words }, column.field.rules.unique);
  }
}

/** The key of the dataset: no part of it is missing, and no key is in several rows. */
export async function checkPrimaryKey(env: CheckEnv): Promise<void> {
  const key = env.dataset.primaryKey.map((name) => columnNamed(env, name));
  if (key.length === 0) return;
  const about = key.map((column) => labelOf(column.field)).join(' + ');
  // A key whose text does not fit its type, or that is missing where required, is already reported as such.
  for (const column of key) {
    if (column.field.constraints.required) continue;
    const missing = `v${column.index} IS NULL AND ${env.readable([column])}`;
    await env.faults.add(
      {
        name: `missing ${column.name}`,
        severity: 'error',
        columns: [column],
        ...wordsOf(WORDINGS['primary-key.missing'], { column: labelOf(column.field) }),
      },
      `SELECT rid FROM ${env.rows.judged} WHERE ${missing}`,
    );
  }
  if (env.keysRepeat) return;
  await addShared(env, key, {
    name: 'primary-key',
    ...wordsOf(WORDINGS['primary-key'], { column: about }),
  });
}
