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

function quoted(statement: string): string {
  return statement.includes("'") ? JSON.stringify(statement) : `'${statement}'`;
}
