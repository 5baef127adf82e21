/** The newest load of its target when a promotion was taken back: what is loaded later is no longer held. */
export async function up(knex) {
  await knex.raw('ALTER TABLE meta.promotion_log ADD COLUMN after_load BIGINT');
}

export async function down() {
  throw new Error('The log tables are the memory of the warehouse; they are not dropped by a migration.');
}
