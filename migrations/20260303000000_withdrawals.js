/**
 * What people decided about deliveries and loads, who and why. A load that empties its part of stage is a row of the load
 * log like any other, told apart by its kind.
 */
const statements = [
  'CREATE SEQUENCE meta.decision_id_seq START 1',
  `CREATE TABLE meta.decision_log (
    decision_id BIGINT PRIMARY KEY DEFAULT nextval('meta.decision_id_seq'),
    kind VARCHAR NOT NULL,
    dataset VARCHAR,
    period VARCHAR(7),
    slice VARCHAR NOT NULL DEFAULT '',
    file_id BIGINT,
    load_id BIGINT,
    reason VARCHAR NOT NULL,
    decided_by VARCHAR,
    run_id VARCHAR NOT NULL,
    decided_at TIMESTAMP NOT NULL
  )`,
  "ALTER TABLE meta.load_log ADD COLUMN kind VARCHAR DEFAULT 'load'",
];

export async function up(knex) {
  for (const statement of statements) await knex.raw(statement);
}

export async function down() {
  throw new Error('The log tables are the memory of the warehouse; they are not dropped by a migration.');
}
