import type { Capabilities } from '../capabilities.ts';

export const POSTGRES: Capabilities = {
  dialect: 'postgres',
  appliesMigrationsItself: false,
  wantsPeriodIndex: true,
  altersIndexedTables: true,
  identityColumns: true,
  grantsRights: true,
  knowsTablesByAnalyze: true,
  savepoints: true,
  singleProcess: false,
  temporarySchema: 'pg_temp',
  // It can be compared, unlike JSON: promotion tests whether a value changed.
  jsonType: 'JSONB',
  doubleType: 'DOUBLE PRECISION',
  jsonRecords: 'json_to_record',
  keepsTextLength: true,
  holdsNul: false,
  distributes: true,
};
