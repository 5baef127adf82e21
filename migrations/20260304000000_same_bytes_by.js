/** Who let a file pass whose bytes already stood for another period or slice. */
export async function up(knex) {
  await knex.raw('ALTER TABLE meta.ingestion_log ADD COLUMN same_bytes_by VARCHAR');
}

export async function down() {
  throw new Error('The log tables are the memory of the warehouse; they are not dropped by a migration.');
}
