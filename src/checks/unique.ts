import { z } from 'zod';
import type { Check } from '../domain/check.ts';
import { literal } from '../sql/sql.ts';
import type { CheckEnv } from './check-env.ts';
import { rowCheck } from './check-module.ts';
import { knownFields } from './check-place.ts';
import { columnNamed, labelOf, type PlannedColumn } from './planned-column.ts';
import { oneOrMany } from './schema-words.ts';
import { addShared, WORDINGS as SHARED, FINDINGS as SHARED_FINDINGS } from './shared-values.ts';
import { softenedBy } from './strictness.ts';
import { notMade } from './table-finding.ts';
import { worded, wordings } from './wording.ts';

const WORDINGS = wordings({
  'unique-across': {
    summary: '{column}: the value was delivered before, in {places}',
    message: '{column}: {value} was delivered before, in {places}.',
    fix: 'Take the row out if it was delivered before, or correct the value.',
  },
});

const ACROSS = {
  file: '',
  slices: ', in all slices of the period',
  periods: ', in all periods',
  all: ', in all periods and slices',
} as const;
type Across = keyof typeof ACROSS;

/** Values whose combination may occur once: in the delivery and, where the check says so, in other deliveries. */
export const unique = rowCheck({
  kind: 'unique',
  about: 'rows',
  keys: {
    unique: z
      .strictObject({
        fields: oneOrMany.describe('Fields whose values together may occur once.'),
        across: z
          .enum(['file', 'slices', 'periods', 'all'])
          .optional()
          .describe(
            'file (the default): within the delivery; slices: also in the other slices of its period; periods: also in the other periods of its slice; all: everywhere in the dataset. What is loaded counts, and what passed and waits to be loaded.',
          ),
      })
      .optional()
      .describe('No combination may occur twice; all rows of the delivery that share one break it.'),
  },
  resolve({ unique: written }, place) {
    const across: Across = written?.across ?? 'file';
    if (across === 'slices' && !place.hasSlices)
      place.report(['unique', 'across'], 'the file names of this dataset hold no slices');
    if (across === 'periods' && !place.hasPeriods)
      place.report(['unique', 'across'], 'this dataset has no periods');
    return { fields: knownFields(written?.fields, ['unique', 'fields'], place), across };
  },
  needs: ({ fields, across }) => (across === 'file' ? {} : { otherKeys: { fields, across } }),
  async make(env, check) {
    const columns = check.fields.map((name) => columnNamed(env, name));
    const about = columns.map((column) => labelOf(column.field)).join(' + ');
    const twice = worded(check, SHARED['unique-error'], { column: about });
    await addShared(env, columns, { name: check.name, ...twice }, check);
    if (check.across !== 'file') await checkAcross(env, check, columns, about);
  },
  sentence: ({ fields, across }, labels) => `${labels(fields)} occurs once${ACROSS[across]}.`,
  wordings: { ...SHARED, ...WORDINGS },
  findings: [
    ...SHARED_FINDINGS,
    {
      code: 'unique-across',
      title: 'A value is in another delivery already',
      meaning:
        'The check `unique` with `across` looks at the other slices of the period, at the other periods of the slice, or at both: as they are loaded when the file is checked, and as they passed and wait to be loaded.',
      example: 'Payment 4711 is in the file of June, and was in that of May.',
      cure: 'Take the rows out that were delivered before, or correct their values.',
      config: '{name: paid_once, unique: {fields: [payment_id], across: periods}}',
    },
  ],
  examples: {
    '': { unique: 'unique: {fields: [payment_id, paid_on]}' },
    unique: { fields: 'fields: [payment_id, paid_on]', across: 'fields: payment_id, across: periods' },
  },
});

/** Places that a message names. */
const SHOWN_PLACES = 3;

async function checkAcross(
  env: CheckEnv,
  check: Check,
  columns: readonly PlannedColumn[],
  about: string,
): Promise<void> {
  const { engine, rows } = env;
  const paths = env.basis.others.get(check);
  if (paths === undefined) {
    notMade(env, check, 'nothing is loaded to compare with');
    return;
  }
  const keys = columns.map(({ sqlType }, n) => `TRY_CAST(k${n} AS ${sqlType}) AS k${n}`).join(', ');
  const lists = paths.map((path) => `SELECT ${keys}, w FROM read_parquet(${literal(path)})`);
  const listed = `(${lists.join(' UNION ALL ')})`;
  const same = columns.map(({ index }, n) => `k.k${n} = j.v${index}`).join(' AND ');
  const places = await engine.rows<{ w: string }>(
    `SELECT DISTINCT k.w FROM ${listed} AS k SEMI JOIN ${rows.judged} AS j ON ${same} ORDER BY 1 LIMIT ${SHOWN_PLACES + 1}`,
  );
  if (places.length === 0) return;
  const named = places
    .slice(0, SHOWN_PLACES)
    .map(({ w }) => w)
    .join(', ');
  const where = `${named}${places.length > SHOWN_PLACES ? ' and more' : ''}`;
  const before = worded(check, WORDINGS['unique-across'], { column: about, places: where });
  await env.faults.add(
    { name: `${check.name}, other deliveries`, severity: check.severity, columns, ...before },
    `SELECT j.rid FROM ${rows.judged} AS j SEMI JOIN ${listed} AS k ON ${same}`,
    softenedBy(check, before.summary, env.read),
  );
}
