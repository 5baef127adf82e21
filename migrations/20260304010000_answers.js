/**
 * What a decision answered, part by part, in the transaction that carried it out: the same call of the same run, made again
 * because its answer was lost, is answered from here and does nothing more.
 */
const statements = [
  'CREATE SEQUENCE meta.answer_id_seq START 1',
  `CREATE TABLE meta.answer_log (
    answer_id BIGINT PRIMARY KEY DEFAULT nextval('meta.answer_id_seq'),
    run_id VARCHAR NOT NULL,
    step VARCHAR NOT NULL,
    asked VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    parts VARCHAR NOT NULL,
    answer VARCHAR NOT NULL,
    answered_at TIMESTAMP NOT NULL
  )`,
];

export async function up(knex) {
  for (const statement of statements) await knex.raw(statement);
}

export async function down() {
  throw new Error('The log tables are the memory of the warehouse; they are not dropped by a migration.');
}
