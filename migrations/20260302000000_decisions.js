// What people decide about periods and promotions, and which promotion took which one back.
const statements = [
  'CREATE SEQUENCE meta.period_event_id_seq START 1',
  `CREATE TABLE meta.period_log (
    event_id BIGINT PRIMARY KEY DEFAULT nextval('meta.period_event_id_seq'),
    period VARCHAR(7) NOT NULL,
    dataset VARCHAR,
    action VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    decided_by VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    decided_at TIMESTAMP NOT NULL
  )`,
  'CREATE SEQUENCE meta.approval_id_seq START 1',
  `CREATE TABLE meta.approval_log (
    approval_id BIGINT PRIMARY KEY DEFAULT nextval('meta.approval_id_seq'),
    dataset VARCHAR NOT NULL,
    period VARCHAR(7) NOT NULL,
    slice VARCHAR NOT NULL DEFAULT '',
    core_table VARCHAR NOT NULL,
    load_id BIGINT NOT NULL,
    file_id BIGINT NOT NULL,
    rules_fingerprint VARCHAR NOT NULL,
    diff_fingerprint VARCHAR NOT NULL,
    after_promotion BIGINT NOT NULL,
    summary VARCHAR NOT NULL,
    note VARCHAR,
    decided_by VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    decided_at TIMESTAMP NOT NULL,
    void_since TIMESTAMP,
    void_reason VARCHAR,
    spent_by BIGINT
  )`,
  // The promotion that this one took back, and who had it done for what reason.
  'ALTER TABLE meta.promotion_log ADD COLUMN takes_back BIGINT',
  'ALTER TABLE meta.promotion_log ADD COLUMN reason VARCHAR',
  'ALTER TABLE meta.promotion_log ADD COLUMN decided_by VARCHAR',
];

export async function up(knex) {
  for (const statement of statements) await knex.raw(statement);
}

export async function down() {
  throw new Error('The log tables are the memory of the warehouse; they are not dropped by a migration.');
}
