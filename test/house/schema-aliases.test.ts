import { parseAst } from 'rolldown/parseAst';
import { describe, expect, it } from 'vitest';
import { isSchemaWord } from '../../src/domain/schema-names.ts';
import { Neighbours, sqlTokens } from '../../src/warehouse/schemas/sql-tokens.ts';
import { filesBelow, read } from './repository.ts';
import { type Node, walk } from './source-texts.ts';

/** After these a name is a column, a table or a schema, and no alias. */
const BEFORE_NAMES = new Set(
  'select by and or on where distinct schema set from join into update table when then else case not having'.split(
    ' ',
  ),
);

/** Aliases in SQL that are called like one of the five schemas; WITH queries too. */
function aliases(text: string): string[] {
  const tokens = sqlTokens(text);
  const around = new Neighbours(tokens);
  return tokens.flatMap((token, i) => {
    const name = around.name(i);
    if (!isSchemaWord(name) || around.sign(i + 1) === '.' || around.sign(i - 1) === '.') return [];
    const isQuery = around.word(i + 1) === 'as' && around.sign(i + 2) === '(';
    const before = tokens[i - 1];
    const follows =
      before !== undefined &&
      (around.word(i - 1) === 'as' ||
        around.sign(i - 1) === ')' ||
        before.kind === 'quoted' ||
        before.kind === 'hole' ||
        (before.kind === 'name' && !BEFORE_NAMES.has(around.word(i - 1))));
    return isQuery || follows ? [text.slice(Math.max(0, token.at - 40), token.at + 20)] : [];
  });
}

/** Texts of templates that are SQL, with a place for each value; of migrations every text. */
function statements(path: string): string[] {
  const found: string[] = [];
  walk(parseAst(read(path), { lang: path.endsWith('.js') ? 'js' : 'ts' }), (node: Node) => {
    const { tag, quasi } = node as unknown as { tag?: { name?: string }; quasi?: { quasis: Quasi[] } };
    if (node.type === 'TaggedTemplateExpression' && tag?.name === 'sql')
      found.push(textOf(quasi?.quasis ?? []));
    if (!path.startsWith('migrations/')) return;
    if (node.type === 'TemplateLiteral') found.push(textOf(node.quasis as Quasi[]));
    if (node.type === 'Literal' && typeof node.value === 'string') found.push(node.value);
  });
  return found;
}
interface Quasi {
  readonly value: { readonly cooked: string };
}
const textOf = (quasis: readonly Quasi[]) => quasis.map(({ value }) => value.cooked).join(' \0 ');

describe('our own SQL', () => {
  it('has no alias that is called like a schema, which other names of the schemas would leave in doubt', () => {
    const all = [...filesBelow('src', '.ts'), ...filesBelow('migrations', '.js')].flatMap((path) =>
      statements(path).map((text) => ({ path, text })),
    );
    expect(all.filter(({ text }) => /\b(meta|core|stage)\./.test(text)).length).toBeGreaterThan(100);
    expect(all.flatMap(({ path, text }) => aliases(text).map((alias) => `${path}: ${alias}`))).toEqual([]);
  });

  it('would be told of each kind of alias', () => {
    for (const text of [
      'SELECT a AS core FROM x',
      'SELECT 1 FROM core.x core',
      'SELECT 1 FROM (SELECT 2) mart',
      'WITH stage AS (SELECT 1) SELECT 2',
      'SELECT 1 FROM \0 AS "meta"',
      'SELECT 1 FROM \0 history',
    ])
      expect(aliases(text), text).toHaveLength(1);
    expect(aliases('SELECT mart, core.x FROM core.x WHERE mart = 1 GROUP BY mart')).toEqual([]);
  });
});
