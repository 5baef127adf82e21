/**
 * An approval of records names each of them, because more may come before they are promoted; it has no load and no file.
 * `record_run`: the run whose records were approved; null: those of all runs.
 */
const statements = [
  'ALTER TABLE meta.approval_log ALTER COLUMN load_id DROP NOT NULL',
  'ALTER TABLE meta.approval_log ALTER COLUMN file_id DROP NOT NULL',
  'ALTER TABLE meta.approval_log ADD COLUMN record_run VARCHAR',
  `CREATE TABLE meta.approved_record (
    approval_id BIGINT NOT NULL,
    staging_id BIGINT NOT NULL,
    PRIMARY KEY (approval_id, staging_id)
  )`,
];

export async function up(knex) {
  for (const statement of statements) await knex.raw(statement);
}

export async function down() {
  throw new Error('The log tables are the memory of the warehouse; they are not dropped by a migration.');
}
