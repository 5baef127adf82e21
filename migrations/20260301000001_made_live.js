/** Which way rows were flipped: true made them live, false took that back; null for every other kind of promotion. */
export async function up(knex) {
  await knex.raw('ALTER TABLE meta.promotion_log ADD COLUMN made_live BOOLEAN');
}

export async function down() {
  throw new Error('The log tables are the memory of the warehouse; they are not dropped by a migration.');
}
