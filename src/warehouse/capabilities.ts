/** What the engines do differently, as facts; nothing outside the engine folders asks which engine it is. */
export interface Capabilities {
  /** Suffix of engine-specific models: `<name>.<dialect>.sql`. */
  readonly dialect: 'duckdb' | 'postgres';
  /** Migrations that are pending are applied by the step itself (true), or the step stops and says so (false). */
  readonly appliesMigrationsItself: boolean;
  /** A secondary index on `_data_period` pays (PostgreSQL), or zone maps do its work (DuckDB). */
  readonly wantsPeriodIndex: boolean;
  /** Columns of a table with an index or a view can be altered in place (true), or the table is made anew. */
  readonly altersIndexedTables: boolean;
  /** Tables belong to roles, which grant each other rights. */
  readonly grantsRights: boolean;
  /** A new table's rows are planned for by guesses until ANALYZE has read them (true), or are known at once. */
  readonly knowsTablesByAnalyze: boolean;
  /** Only one process can hold the warehouse at a time, so sessions must be short. */
  readonly singleProcess: boolean;
  /** How a statement names the schema of temporary tables and views. */
  readonly temporarySchema: string;
  /** Column type for JSON data: JSON or JSONB. */
  readonly jsonType: string;
  readonly doubleType: string;
  /** The function that makes columns of a JSON object's members. */
  readonly jsonRecords: 'from_json' | 'json_to_record';
  /** VARCHAR(n) is kept with its length (true), or as VARCHAR. */
  readonly keepsTextLength: boolean;
  /** Texts may hold the character NUL; validation finds it for those that cannot. */
  readonly holdsNul: boolean;
  /** Tables can be spread over several machines, where the server has the extension for it. */
  readonly distributes: boolean;
}
