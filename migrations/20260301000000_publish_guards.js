/** Guards that a person let pass when a mart was published, with who and why; JSON, null where none was tripped. */
export async function up(knex) {
  await knex.raw('ALTER TABLE meta.publish_log ADD COLUMN accepted_guards VARCHAR');
}

export async function down() {
  throw new Error('The log tables are the memory of the warehouse; they are not dropped by a migration.');
}
