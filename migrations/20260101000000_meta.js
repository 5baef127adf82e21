// Schemas and log tables, in SQL that both engines run as it stands. JSON travels as text: it is read back as written.
const statements = [
  ...['file', 'validation', 'load', 'promotion', 'publish', 'run'].map(
    (name) => `CREATE SEQUENCE meta.${name}_id_seq START 1`,
  ),
  `CREATE TABLE meta.ingestion_log (
    file_id BIGINT PRIMARY KEY DEFAULT nextval('meta.file_id_seq'),
    dataset VARCHAR,
    period VARCHAR(7),
    slice VARCHAR NOT NULL DEFAULT '',
    path VARCHAR NOT NULL,
    version VARCHAR,
    sha256 VARCHAR(64),
    bytes BIGINT,
    mtime TIMESTAMP,
    sheet VARCHAR,
    header_row INTEGER,
    headers_found VARCHAR,
    headers_mapped VARCHAR,
    status VARCHAR NOT NULL,
    duplicate_of BIGINT,
    same_bytes_reason VARCHAR,
    finding_count INTEGER NOT NULL DEFAULT 0,
    findings VARCHAR,
    run_id VARCHAR NOT NULL,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NOT NULL
  )`,
  `CREATE TABLE meta.validation_log (
    validation_id BIGINT PRIMARY KEY DEFAULT nextval('meta.validation_id_seq'),
    file_id BIGINT NOT NULL,
    dataset VARCHAR NOT NULL,
    period VARCHAR(7) NOT NULL,
    slice VARCHAR NOT NULL DEFAULT '',
    status VARCHAR NOT NULL,
    contract_fingerprint VARCHAR NOT NULL,
    reference_fingerprint VARCHAR,
    tidemark_version VARCHAR NOT NULL,
    parquet_path VARCHAR,
    parquet_sha256 VARCHAR(64),
    rows_read BIGINT,
    rows_accepted BIGINT,
    rows_rejected BIGINT,
    rows_blank BIGINT,
    errors BIGINT NOT NULL DEFAULT 0,
    warnings BIGINT NOT NULL DEFAULT 0,
    infos BIGINT NOT NULL DEFAULT 0,
    reports_path VARCHAR,
    run_id VARCHAR NOT NULL,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NOT NULL
  )`,
  `CREATE TABLE meta.current_delivery (
    dataset VARCHAR NOT NULL,
    period VARCHAR(7) NOT NULL,
    slice VARCHAR NOT NULL DEFAULT '',
    file_id BIGINT NOT NULL,
    validation_id BIGINT NOT NULL,
    since TIMESTAMP NOT NULL,
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (dataset, period, slice)
  )`,
  `CREATE TABLE meta.load_log (
    load_id BIGINT PRIMARY KEY DEFAULT nextval('meta.load_id_seq'),
    dataset VARCHAR NOT NULL,
    period VARCHAR(7) NOT NULL,
    slice VARCHAR NOT NULL DEFAULT '',
    file_id BIGINT NOT NULL,
    validation_id BIGINT NOT NULL,
    parquet_path VARCHAR NOT NULL,
    parquet_sha256 VARCHAR(64) NOT NULL,
    corrections_fingerprint VARCHAR,
    rows_deleted BIGINT NOT NULL,
    rows_inserted BIGINT NOT NULL,
    forced BOOLEAN NOT NULL DEFAULT false,
    run_id VARCHAR NOT NULL,
    started_at TIMESTAMP NOT NULL,
    loaded_at TIMESTAMP NOT NULL
  )`,
  `CREATE TABLE meta.promotion_log (
    promotion_id BIGINT PRIMARY KEY DEFAULT nextval('meta.promotion_id_seq'),
    kind VARCHAR NOT NULL,
    dataset VARCHAR NOT NULL,
    period VARCHAR(7) NOT NULL,
    slice VARCHAR NOT NULL DEFAULT '',
    core_table VARCHAR NOT NULL,
    strategy VARCHAR NOT NULL,
    load_id BIGINT,
    file_id BIGINT,
    source_fingerprint VARCHAR,
    rows_read BIGINT NOT NULL DEFAULT 0,
    rows_added BIGINT NOT NULL DEFAULT 0,
    rows_modified BIGINT NOT NULL DEFAULT 0,
    rows_removed BIGINT NOT NULL DEFAULT 0,
    rows_closed BIGINT NOT NULL DEFAULT 0,
    rows_shadowed BIGINT NOT NULL DEFAULT 0,
    rows_unchanged BIGINT NOT NULL DEFAULT 0,
    cells_changed BIGINT NOT NULL DEFAULT 0,
    accepted_guards VARCHAR,
    rolled_back_by BIGINT,
    run_id VARCHAR NOT NULL,
    started_at TIMESTAMP NOT NULL,
    promoted_at TIMESTAMP NOT NULL
  )`,
  `CREATE TABLE meta.publish_log (
    publish_id BIGINT PRIMARY KEY DEFAULT nextval('meta.publish_id_seq'),
    mart VARCHAR NOT NULL,
    period VARCHAR(7) NOT NULL,
    mode VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    reads VARCHAR NOT NULL,
    rows_deleted BIGINT NOT NULL,
    rows_inserted BIGINT NOT NULL,
    run_id VARCHAR NOT NULL,
    started_at TIMESTAMP NOT NULL,
    published_at TIMESTAMP NOT NULL
  )`,
  `CREATE TABLE meta.run_log (
    id BIGINT PRIMARY KEY DEFAULT nextval('meta.run_id_seq'),
    run_id VARCHAR NOT NULL,
    step VARCHAR NOT NULL,
    dataset VARCHAR,
    period VARCHAR(7),
    status VARCHAR NOT NULL,
    exit_code INTEGER NOT NULL,
    message VARCHAR,
    hint VARCHAR,
    result VARCHAR,
    tidemark_version VARCHAR NOT NULL,
    host VARCHAR,
    pid BIGINT,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NOT NULL
  )`,
  'CREATE TABLE meta.lock (name VARCHAR PRIMARY KEY, taken BIGINT NOT NULL DEFAULT 0)',
  // What the tables were last reconciled with, so that a step sees at a glance that nothing is pending.
  'CREATE TABLE meta.reconciled (fingerprint VARCHAR PRIMARY KEY, reconciled_at TIMESTAMP NOT NULL)',
];

const schemas = ['meta', 'stage', 'core', 'history', 'mart'];

export async function up(knex) {
  const { rows } = await knex.raw('SELECT nspname FROM pg_catalog.pg_namespace');
  const there = new Set(rows.map((row) => row.nspname));
  // IF NOT EXISTS would ask for the right to make schemas even where an administrator made them all.
  for (const name of schemas) if (!there.has(name)) await knex.raw(`CREATE SCHEMA ${name}`);
  for (const statement of statements) await knex.raw(statement);
}

export async function down() {
  throw new Error('The log tables are the memory of the warehouse; they are not dropped by a migration.');
}
