import { z } from 'zod';
import type { Check } from '../domain/check.ts';
import { typeOf } from '../types/registry.ts';
import type { CheckEnv } from './check-env.ts';
import { rowCheck } from './check-module.ts';
import { type CheckPlace, knownFields } from './check-place.ts';
import { followParents, hasParent, isParent, type Loop, loopsOf, type Tree } from './hierarchy-paths.ts';
import { columnNamed, hasPii, labelOf, type PlannedColumn } from './planned-column.ts';
import { name, oneOrMany } from './schema-words.ts';
import { softenedBy } from './strictness.ts';
import { type RuleWords, worded, wordings } from './wording.ts';

const WORDINGS = wordings({
  'hierarchy-parent': {
    summary: '{column}: there is no such row above',
    message: '{column}: {value} is no {key} of this file.',
    fix: 'Add the row above, or correct which one it is.',
  },
  'hierarchy-loop': {
    summary: '{column}: rows are above each other in a circle',
    message: '{column}: {value} leads back to this row: {path}.',
    fix: 'Correct the parent of one of the rows in the circle.',
  },
  'hierarchy-loop.below': {
    summary: '{column}: the rows above go round in a circle',
    message: '{column}: the rows above go round in a circle.',
    fix: 'Fix the circle above first.',
  },
  'hierarchy-depth.deep': {
    summary: '{column}: is deeper than the {limit|level} a tree may have',
    message: '{column}: {value} is deeper than the {limit|level} a tree may have.',
    fix: 'Check whether it is below the right row.',
  },
  'hierarchy-depth.flat': {
    summary: '{column}: the tree has fewer than {limit|level}',
    message: '{column}: the tree below {value} has fewer than {limit|level}, counting this row.',
    fix: 'Check whether rows below it are missing.',
  },
  'hierarchy-level': {
    summary: '{column}: not one more than the row above has',
    message: '{column}: {value} is not one more than the row above has.',
    fix: 'Correct {column}, or which row is above.',
  },
});

interface HierarchyRule {
  readonly key: readonly string[];
  /** As many as `key`. */
  readonly parent: readonly string[];
  readonly level: string | null;
  readonly minDepth: number | null;
  readonly maxDepth: number | null;
}
type Hierarchy = Check & HierarchyRule;

const written = z.strictObject({
  key: oneOrMany.describe('Fields that name a row.'),
  parent: oneOrMany.describe(
    'Fields that name the row above, in the order of `key`; blank: the row is at the top.',
  ),
  level: name.optional().describe("A whole-number field that must be the parent's plus one."),
  min_depth: z
    .int()
    .min(1)
    .optional()
    .describe('Levels that each tree must have at least; a row at the top alone is one level.'),
  max_depth: z.int().min(1).optional().describe('Levels that no tree may exceed.'),
});

const TREE = 'key: payment_id, parent: parent_id';

/** Parents exist, no row is above itself, the trees have an allowed number of levels. */
export const hierarchy = rowCheck({
  kind: 'hierarchy',
  about: 'rows',
  keys: {
    hierarchy: written
      .optional()
      .describe('Rows form trees: every parent is in the delivery, no row is above itself.'),
  },
  resolve: (check, place) => resolveHierarchy(check.hierarchy ?? {}, place),
  needs: () => ({}),
  async make(env, check) {
    const named = (names: readonly string[]) => names.map((name) => columnNamed(env, name));
    const tree: Tree = { key: named(check.key), parent: named(check.parent) };
    await followParents(env, tree);
    await orphans(env, check, tree);
    await loops(env, check, tree);
    await depths(env, check, tree);
    if (check.level !== null) await levels(env, check, tree, columnNamed(env, check.level));
    await env.engine.run('DROP TABLE up');
    await env.engine.run('DROP TABLE named');
  },
  sentence: ({ parent }, labels) =>
    `Every ${labels(parent)} leads to a row of the file, and none back to itself.`,
  wordings: WORDINGS,
  findings: [
    {
      code: 'hierarchy-parent',
      title: 'The row above does not exist',
      meaning:
        'A row names a parent that no row of the delivery has as its key. A blank parent is the top of a tree.',
      example: "Parent topic '4.7', where the file has no topic 4.7.",
      cure: 'Add the missing row, or correct the parent.',
      config:
        '{name: topic_tree, hierarchy: {key: [code], parent: [parent_code], level: depth, min_depth: 3, max_depth: 6}}',
    },
    {
      code: 'hierarchy-loop',
      title: 'Rows are above each other in a circle',
      meaning:
        'Going from parent to parent leads back to the row itself. All rows of the circle are listed, and the rows below them.',
      example: 'Topic 4.1 is below 4.2, and 4.2 is below 4.1.',
      cure: 'Correct the parent of one of the rows.',
    },
    {
      code: 'hierarchy-depth',
      title: 'A tree has too few or too many levels',
      meaning:
        'A row at the top is the first level. Each row below `max_depth` is an error; a tree with fewer levels than `min_depth` is reported at its top row.',
      example: 'A subject without any topic below it, where at least three levels are expected.',
      cure: 'Check whether rows are missing or are below the wrong parent.',
    },
    {
      code: 'hierarchy-level',
      title: 'The level does not follow from that of the row above',
      meaning: "The field `level` has to be the parent's plus one.",
      example: 'Level 4 below a row of level 2.',
      cure: 'Correct the level, or the parent.',
    },
  ],
  examples: {
    '': { hierarchy: `hierarchy: {${TREE}}` },
    hierarchy: {
      key: TREE,
      parent: TREE,
      level: `${TREE}, level: level`,
      min_depth: `${TREE}, min_depth: 2`,
      max_depth: `${TREE}, max_depth: 6`,
    },
  },
});

function resolveHierarchy(
  { key, parent, ...limits }: Partial<z.infer<typeof written>>,
  place: CheckPlace,
): HierarchyRule {
  const level = limits.level ?? null;
  const [minDepth, maxDepth] = [limits.min_depth ?? null, limits.max_depth ?? null];
  const keys = knownFields(key, ['hierarchy', 'key'], place);
  const parents = knownFields(parent, ['hierarchy', 'parent'], place);
  if (keys.length !== parents.length)
    place.report(['hierarchy', 'parent'], `parent needs as many fields as key, ${keys.length}`);
  for (const [i, name] of parents.entries()) {
    const [own, above] = [place.fields.get(keys[i] ?? '')?.type, place.fields.get(name)?.type];
    if (own !== undefined && above !== undefined && own !== above)
      place.report(
        ['hierarchy', 'parent'],
        `'${name}' is of type ${above} and '${keys[i]}' of type ${own}: a parent is a key of another row`,
      );
  }
  if (level !== null) {
    knownFields(level, ['hierarchy', 'level'], place);
    const type = place.fields.get(level)?.type;
    if (type !== undefined && !typeOf(type).config.whole)
      place.report(
        ['hierarchy', 'level'],
        `level needs a field of type integer; '${level}' is of type ${type}`,
      );
  }
  if (minDepth !== null && maxDepth !== null && minDepth > maxDepth)
    place.report(['hierarchy', 'min_depth'], `min_depth ${minDepth} is more than max_depth ${maxDepth}`);
  return { key: keys, parent: parents, level, minDepth, maxDepth };
}

const labels = (columns: readonly PlannedColumn[]) => columns.map(({ field }) => labelOf(field)).join(' + ');
async function add(
  env: CheckEnv,
  check: Hierarchy,
  fault: {
    readonly name: string;
    readonly columns: readonly PlannedColumn[];
    readonly words: RuleWords;
  },
  rows: string,
): Promise<void> {
  const { columns, words } = fault;
  await env.faults.add(
    { name: `${check.name}, ${fault.name}`, severity: check.severity, columns, ...words },
    rows,
    softenedBy(check, words.summary, env.read),
  );
}

async function orphans(env: CheckEnv, check: Hierarchy, tree: Tree): Promise<void> {
  const about = { column: labels(tree.parent), key: labels(tree.key) };
  await add(
    env,
    check,
    { name: 'parents', columns: tree.parent, words: worded(check, WORDINGS['hierarchy-parent'], about) },
    `SELECT n.rid FROM ${env.rows.judged} AS n ANTI JOIN named AS p ON ${isParent(tree)}
     WHERE ${hasParent(tree, 'n.')}`,
  );
}

/** Rows of loops that are reported one by one. */
const TOLD_LOOP_ROWS = 2000;
/** Rows of one loop that a message names. */
const SHOWN_LOOP_ROWS = 6;

async function loops(env: CheckEnv, check: Hierarchy, tree: Tree): Promise<void> {
  const column = labels(tree.parent);
  const columns = tree.parent;
  const inLoop = 'SELECT DISTINCT top AS rid FROM up WHERE NOT done';
  if ((await env.engine.count(`SELECT count(*) FROM (${inLoop})`)) === 0) return;
  const paths = new Map<string, string>();
  // Shown in a message instead of personal data.
  if (!hasPii(tree.parent)) {
    for (const loop of await loopsOf(env, tree, TOLD_LOOP_ROWS))
      for (const parent of loop.parents) paths.set(parent, pathOf(loop));
  }
  const words = worded(check, WORDINGS['hierarchy-loop'], { column, path: '' });
  const message = (text: string | null) => {
    const path = text === null ? undefined : paths.get(text);
    return path === undefined
      ? `${words.summary}.`
      : worded(check, WORDINGS['hierarchy-loop'], { column, path }).message(text);
  };
  await add(env, check, { name: 'loops', columns, words: { ...words, message } }, inLoop);
  await add(
    env,
    check,
    { name: 'below loops', columns, words: worded(check, WORDINGS['hierarchy-loop.below'], { column }) },
    `SELECT id AS rid FROM up WHERE NOT done AND id NOT IN (${inLoop})`,
  );
}

function pathOf({ rows, whole }: Loop): string {
  const first = rows.slice(0, SHOWN_LOOP_ROWS).join(' → ');
  const more = rows.length - SHOWN_LOOP_ROWS;
  if (!whole) return `rows ${first} and more`;
  return more > 0 ? `rows ${first} and ${more} more` : `rows ${first} → ${rows[0]}`;
}

/** The depth of a tree is not judged where the parent of its top row is missing or cannot be read. */
const JUDGED = 'SELECT id FROM up WHERE is_top AND at_top';

async function depths(env: CheckEnv, check: Hierarchy, tree: Tree): Promise<void> {
  const { minDepth, maxDepth } = check;
  const column = labels(tree.key);
  const columns = tree.key;
  if (maxDepth !== null) {
    const words = worded(check, WORDINGS['hierarchy-depth.deep'], { column, limit: maxDepth });
    const rows = `SELECT id AS rid FROM up WHERE done AND dist + 1 > ${maxDepth} AND top IN (${JUDGED})`;
    await add(env, check, { name: 'too deep', columns, words }, rows);
  }
  if (minDepth !== null) {
    const words = worded(check, WORDINGS['hierarchy-depth.flat'], { column, limit: minDepth });
    const rows = `SELECT top AS rid FROM up WHERE done AND top IN (${JUDGED}) GROUP BY top HAVING max(dist) + 1 < ${minDepth}`;
    await add(env, check, { name: 'too flat', columns, words }, rows);
  }
}

async function levels(env: CheckEnv, check: Hierarchy, tree: Tree, level: PlannedColumn): Promise<void> {
  const words = worded(check, WORDINGS['hierarchy-level'], { column: labelOf(level.field) });
  await add(
    env,
    check,
    { name: 'levels', columns: [level], words },
    `SELECT n.rid FROM ${env.rows.judged} AS n JOIN named AS p ON ${isParent(tree)} JOIN ${env.rows.judged} AS above ON above.rid = p.id
     WHERE n.v${level.index} <> above.v${level.index} + 1 AND n.rid NOT IN (SELECT id FROM up WHERE NOT done)`,
  );
}
