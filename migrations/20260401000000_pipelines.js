/** Which pipeline writes a table of stage or core, by the pipeline's name. */
export async function up(knex) {
  await knex.raw(
    'CREATE TABLE meta.pipeline_table (table_name VARCHAR PRIMARY KEY, pipeline VARCHAR NOT NULL)',
  );
}

export async function down() {
  throw new Error('The log tables are the memory of the warehouse; they are not dropped by a migration.');
}
