import type { TableRef } from '../warehouse.ts';

/** A migration to copy: the file's name and its content. */
export function migrationText(table: TableRef, statements: readonly string[]): string {
  const lines = statements.map((statement) => `  await knex.raw(${quoted(statement)});`);
  return [
    `If the change is meant, write it into migrations/<date>_${table.schema}_${table.name}.js and run \`tidemark migrate\`:`,
    'export async function up(knex) {',
    ...lines,
    '}',
  ].join('\n');
}

/** Knex takes a question mark for a bound value, unless a backslash precedes it. */
function quoted(statement: string): string {
  const text = statement.replaceAll('?', '\\?');
  return /['\\\n\r\u2028\u2029]/.test(text) ? JSON.stringify(text) : `'${text}'`;
}
