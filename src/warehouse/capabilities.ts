/** The differences between the engines, as facts; no code outside the engine folders asks which engine it is. */
export interface Capabilities {
  /** Suffix of engine-specific models: `<name>.<dialect>.sql`. */
  readonly dialect: 'duckdb' | 'postgres';
  /** A step applies pending migrations itself (true), or it stops and says so (false). */
  readonly appliesMigrationsItself: boolean;
  /** A secondary index on `_data_period` is worth its cost (PostgreSQL), or zone maps make it unnecessary (DuckDB). */
  readonly wantsPeriodIndex: boolean;
  /** Columns of a table with an index or a view can be altered in place (true), or the table is made again. */
  readonly altersIndexedTables: boolean;
  /** A column can number its rows itself, and partial indexes pay (true); or a sequence does, and no index pays. */
  readonly identityColumns: boolean;
  /** Tables belong to roles, which grant rights to each other. */
  readonly grantsRights: boolean;
  /** The planner guesses the number of a new table's rows until ANALYZE has read them (true), or knows it at once. */
  readonly knowsTablesByAnalyze: boolean;
  /** A part of a transaction can be rolled back alone. */
  readonly savepoints: boolean;
  /** Only one process can hold the warehouse at a time, so sessions must be short. */
  readonly singleProcess: boolean;
  /** How a statement names the schema of temporary tables and views. */
  readonly temporarySchema: string;
  /** Column type for JSON data: JSON or JSONB. */
  readonly jsonType: string;
  readonly doubleType: string;
  /** The function that makes columns of a JSON object's members. */
  readonly jsonRecords: 'from_json' | 'json_to_record';
  /** VARCHAR(n) keeps its length (true), or becomes VARCHAR. */
  readonly keepsTextLength: boolean;
  /** Texts may hold the character NUL; validation finds it for engines whose texts cannot. */
  readonly holdsNul: boolean;
  /** Tables can be distributed over several machines, if the server has the extension for it. */
  readonly distributes: boolean;
}
