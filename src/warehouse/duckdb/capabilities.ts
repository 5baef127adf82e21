import type { Capabilities } from '../capabilities.ts';

export const DUCKDB: Capabilities = {
  dialect: 'duckdb',
  appliesMigrationsItself: true,
  // A plain index on _data_period doubles the time of a load here, and zone maps find the period without it.
  wantsPeriodIndex: false,
  altersIndexedTables: false,
  identityColumns: false,
  grantsRights: false,
  knowsTablesByAnalyze: false,
  savepoints: false,
  singleProcess: true,
  temporarySchema: 'temp',
  jsonType: 'JSON',
  doubleType: 'DOUBLE',
  jsonRecords: 'from_json',
  keepsTextLength: false,
  holdsNul: true,
  distributes: false,
};
