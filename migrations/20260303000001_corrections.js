/**
 * The overlay of corrections: append-only, an undo is a row of its own. The log masks what is personal, as all of meta
 * does; the texts that are laid over delivered rows stand in clear beside these rows.
 */
const statements = [
  'CREATE SEQUENCE meta.correction_id_seq START 1',
  `CREATE TABLE meta.correction_log (
    correction_id BIGINT PRIMARY KEY DEFAULT nextval('meta.correction_id_seq'),
    kind VARCHAR NOT NULL,
    undoes BIGINT,
    dataset VARCHAR NOT NULL,
    period VARCHAR(7) NOT NULL,
    slice VARCHAR NOT NULL DEFAULT '',
    row_key VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    new_value VARCHAR,
    expected VARCHAR,
    reason VARCHAR NOT NULL,
    decided_by VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    decided_at TIMESTAMP NOT NULL
  )`,
  `CREATE TABLE stage._corrections (
    correction_id BIGINT PRIMARY KEY,
    row_key VARCHAR NOT NULL,
    new_value VARCHAR,
    expected VARCHAR
  )`,
  'ALTER TABLE meta.load_log ADD COLUMN rows_corrected BIGINT DEFAULT 0',
  // JSON list of the corrections that found another value than they expect, or no such row.
  'ALTER TABLE meta.load_log ADD COLUMN void_corrections VARCHAR',
];

export async function up(knex) {
  for (const statement of statements) await knex.raw(statement);
}

export async function down() {
  throw new Error('The log tables are the memory of the warehouse; they are not dropped by a migration.');
}
