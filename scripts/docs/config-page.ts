import { KEY_EXAMPLES } from '../../src/config/key-examples/key-examples.ts';
import { page, table } from './markdown.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly description?: string;
}

/** A group of keys: `path` as docs/config.md shows it, empty for the file itself. */
interface Section {
  readonly path: string;
  readonly schema: Schema;
}

export function configPage(schema: unknown): string {
  return page(
    'datasets_config.yml',
    [
      'Every key of the configuration. Unknown keys are errors, told with file, line and a guess at what was meant;',
      `\`$\{VAR}\` in a value is taken from the environment (\`$$\{\` stands for a literal \`$\{\`).`,
      'Editors complete and check the file through `schema/datasets_config.schema.json`.',
      'An example is written as in braces, as in `{type: number, precision: 12}`, with the other keys that it needs; without',
      'braces each key has a line of its own.',
    ].join(' '),
    ...sameTogether(configSections(schema)).map(render),
  );
}

/** The groups of the configuration, in the order of the file. */
export function configSections(schema: unknown): readonly Section[] {
  return sections({ path: '', schema: schema as Schema });
}

/** Sections of which all say the same, under one heading, such as those of the constraints under `rules`. */
function sameTogether(all: readonly Section[]): Section[][] {
  const out: Section[][] = [];
  for (const section of all) {
    const last = out.at(-1);
    if (last?.[0] !== undefined && rowsOf(last[0]).join('\n') === rowsOf(section).join('\n'))
      last.push(section);
    else out.push([section]);
  }
  return out;
}

/** An object's own section, then those of the objects inside it, in the order of the file. */
function sections(section: Section): Section[] {
  const { path, schema } = section;
  const children = Object.entries(schema.properties ?? {}).flatMap(([key, child]) =>
    inner(path === '' ? key : `${path}.${key}`, child),
  );
  return [section, ...children.flatMap(sections)];
}

/** The objects that a value of this kind holds, through lists, alternatives and maps. */
function inner(path: string, schema: Schema): Section[] {
  if (schema.properties) return [{ path, schema }];
  if (schema.items) return inner(`${path}[]`, schema.items);
  if (schema.anyOf) return schema.anyOf.flatMap((one) => inner(path, one));
  if (typeof schema.additionalProperties === 'object')
    return inner(`${path}.<name>`, schema.additionalProperties);
  return [];
}

function render(same: readonly Section[]): string {
  const first = same[0] as Section;
  const heading = same
    .map(({ path }) => (path === '' ? 'The file' : `\`${path.slice(sharedLength(path, first.path))}\``))
    .join(', ');
  const rows = rowsOf(first);
  return `## ${heading}\n\n${table(['key', 'value', 'required', '', 'example'], rows)}`;
}

/** How many characters two paths share, up to a dot; 0 where they are the same. */
function sharedLength(one: string, two: string): number {
  const at = [...one].findIndex((character, i) => character !== two[i]);
  return at < 0 ? 0 : Math.max(one.lastIndexOf('.', at), 0);
}

function rowsOf({ path, schema }: Section): string[][] {
  return Object.entries(schema.properties ?? {}).map(([key, child]) => [
    `\`${key}\``,
    kindOf(child),
    schema.required?.includes(key) ? 'yes' : '',
    child.description ?? '',
    `\`${KEY_EXAMPLES[path]?.[key] ?? ''}\``,
  ]);
}

function kindOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.anyOf) return [...new Set(schema.anyOf.map(kindOf))].join(' or ');
  if (schema.items) return `list of ${plural(kindOf(schema.items))}`;
  if (schema.properties) return 'group of keys';
  if (typeof schema.additionalProperties === 'object')
    return `by name: ${kindOf(schema.additionalProperties)}`;
  return [schema.type ?? 'text'].flat().join(' or ').replace('string', 'text');
}

function plural(kind: string): string {
  if (kind === 'group of keys') return 'groups of keys';
  return /^(text|integer|number|boolean)$/.test(kind) ? `${kind}s` : kind;
}
