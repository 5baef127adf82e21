/** A filled-in corrections.xlsx is a delivery of its own; this is the delivery whose cells it corrects. */
export async function up(knex) {
  await knex.raw('ALTER TABLE meta.ingestion_log ADD COLUMN reply_to BIGINT');
}

export async function down() {
  throw new Error('The log tables are the memory of the warehouse; they are not dropped by a migration.');
}
