/**
 * What was there when something was loaded or approved, by the numbers of the logs: later is what has a higher number, and
 * never what a clock says. Of what is on record already only the times are known.
 */
const newestAt = (id, log, at, moment) =>
  `coalesce((SELECT max(n.${id}) FROM meta.${log} n WHERE n.dataset = t.dataset AND n.period = t.period
     AND n.slice = t.slice AND n.${at} <= t.${moment}), 0)`;

const statements = [
  'ALTER TABLE meta.load_log ADD COLUMN after_correction BIGINT',
  'ALTER TABLE meta.approval_log ADD COLUMN after_correction BIGINT',
  'ALTER TABLE meta.approval_log ADD COLUMN after_validation BIGINT',
  `UPDATE meta.load_log AS t SET after_correction = ${newestAt('correction_id', 'correction_log', 'decided_at', 'loaded_at')}`,
  `UPDATE meta.approval_log AS t SET
     after_correction = ${newestAt('correction_id', 'correction_log', 'decided_at', 'decided_at')},
     after_validation = ${newestAt('validation_id', 'validation_log', 'finished_at', 'decided_at')}`,
];

export async function up(knex) {
  for (const statement of statements) await knex.raw(statement);
}

export async function down() {
  throw new Error('The log tables are the memory of the warehouse; they are not dropped by a migration.');
}
