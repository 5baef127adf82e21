/**
 * What a submit of records answered, by the batch that its caller named: the same batch with the same records is answered
 * from here, also after the records themselves were pruned.
 */
const statements = [
  `CREATE TABLE meta.record_batch (
    dataset VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    batch_id VARCHAR NOT NULL,
    records BIGINT NOT NULL,
    content_sha256 VARCHAR(64) NOT NULL,
    first_staging_id BIGINT,
    last_staging_id BIGINT,
    submitted_at TIMESTAMP NOT NULL,
    PRIMARY KEY (dataset, run_id, batch_id)
  )`,
];

export async function up(knex) {
  for (const statement of statements) await knex.raw(statement);
}

export async function down() {
  throw new Error('The log tables are the memory of the warehouse; they are not dropped by a migration.');
}
