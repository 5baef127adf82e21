/** Since when a promotion can no longer be taken back, because its before-images were pruned. */
export async function up(knex) {
  await knex.raw('ALTER TABLE meta.promotion_log ADD COLUMN journal_pruned_at TIMESTAMP');
}

export async function down() {
  throw new Error('The log tables are the memory of the warehouse; they are not dropped by a migration.');
}
