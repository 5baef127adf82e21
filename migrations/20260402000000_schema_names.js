/** What the schemas were called when the tables were last fitted to the configuration. */
export async function up(knex) {
  await knex.raw('CREATE TABLE meta.schema_name (word VARCHAR PRIMARY KEY, name VARCHAR NOT NULL)');
}

export async function down() {
  throw new Error('The log tables are the memory of the warehouse; they are not dropped by a migration.');
}
