import { z } from 'zod';
import { configSchema } from './schema.ts';

interface JsonSchema {
  readonly properties?: Record<string, JsonSchema>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly description?: string;
  readonly [key: string]: unknown;
}

/** The JSON Schema (draft 2020-12) of datasets_config.yml, from the same definitions that check it. */
export function configJsonSchema(): JsonSchema {
  const generated = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return { ...generated, title: 'Tidemark datasets_config.yml' };
}

/** The keys that are possible at a path of the file, for 'did you mean'. */
export function knownKeys(path: readonly (string | number)[]): readonly string[] {
  let here: readonly JsonSchema[] = [configJsonSchema()];
  for (const part of path) here = here.flatMap((schema) => step(schema, part));
  return [
    ...new Set(
      here.flatMap((schema) => branches(schema).flatMap((one) => Object.keys(one.properties ?? {}))),
    ),
  ];
}

function branches(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf ? schema.anyOf.flatMap(branches) : [schema];
}

function step(schema: JsonSchema, part: string | number): readonly JsonSchema[] {
  return branches(schema).flatMap((one) => {
    if (typeof part === 'number') return one.items ? [one.items] : [];
    const property = one.properties?.[part];
    if (property) return [property];
    return typeof one.additionalProperties === 'object' ? [one.additionalProperties] : [];
  });
}
