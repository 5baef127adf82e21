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
    ].join(' '),
    ...sections({ path: '', schema: schema as Schema }).map(render),
  );
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

function render({ path, schema }: Section): string {
  const rows = Object.entries(schema.properties ?? {}).map(([key, child]) => [
    `\`${key}\``,
    kindOf(child),
    schema.required?.includes(key) ? 'yes' : '',
    child.description ?? '',
  ]);
  return `## ${path === '' ? 'The file' : `\`${path}\``}\n\n${table(['key', 'value', 'required', ''], rows)}`;
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
