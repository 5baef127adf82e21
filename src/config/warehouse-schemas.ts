import { z } from 'zod';
import {
  DEFAULT_SCHEMAS,
  SCHEMA_WORDS,
  type SchemaNames,
  schemaNameProblem,
} from '../domain/schema-names.ts';
import type { ConfigProblem } from './problem.ts';

const name = (what: string) =>
  z.string().optional().describe(`The schema of ${what}; letters, digits and _, its own word by default.`);

/** `schemas:` as it is written. */
export const warehouseSchemas = z.strictObject({
  meta: name('the logs'),
  stage: name('loaded rows'),
  core: name('promoted rows'),
  history: name('what rows of core were before'),
  mart: name('published marts'),
});

/** What the five schemas are called; what is wrong with a name becomes a problem at its key. */
export function resolveSchemas(
  written: z.infer<typeof warehouseSchemas> | undefined,
  problems: ConfigProblem[],
): SchemaNames {
  const given = SCHEMA_WORDS.flatMap((word) =>
    written?.[word] === undefined ? [] : [[word, written[word]]],
  );
  const names: SchemaNames = { ...DEFAULT_SCHEMAS, ...Object.fromEntries(given) };
  for (const word of SCHEMA_WORDS) {
    if (written?.[word] === undefined) continue;
    const report = (message: string) => problems.push({ path: ['schemas', word], message });
    const problem = schemaNameProblem(word, names[word]);
    if (problem !== null) report(problem);
    // The embedded engine tells names apart by more than case.
    const other = SCHEMA_WORDS.find(
      (each) => each !== word && names[each].toLowerCase() === names[word].toLowerCase(),
    );
    if (problem === null && other !== undefined)
      report(`'${names[word]}' is the name of the schema '${other}' too; the five have five names`);
  }
  return names;
}
