import { describe, expect, it } from 'vitest';
import { DEFAULT_SCHEMAS } from '../../../src/domain/schema-names.ts';
import { datasetName } from '../../../src/lineage/dataset-names.ts';
import { openWarehouse } from '../../../src/warehouse/open-warehouse.ts';

const options = { projectRoot: '/office', lockTimeoutMs: 1000, environment: {} };
const nameOf = (url: string, schemas = DEFAULT_SCHEMAS) =>
  datasetName({ schema: 'core', table: 'payments' }, openWarehouse(url, options).name, schemas);

describe('the name of a dataset', () => {
  it('is the absolute path of a file', () => {
    const { name } = openWarehouse('duckdb:w.duckdb', options);
    expect(datasetName({ file: '/office/data/landed/a.csv' }, name, DEFAULT_SCHEMAS)).toEqual({
      namespace: 'file',
      name: '/office/data/landed/a.csv',
    });
  });

  it.each([
    ['postgres://ann:secret@db.example:6432/office', 'postgres://db.example:6432'],
    ['postgresql://db.example/office', 'postgres://db.example:5432'],
    ['postgres://[::1]:5433/office', 'postgres://[::1]:5433'],
    ['postgres://one:5432,two:5433/office', 'postgres://one:5432'],
    ['postgres://%2Fvar%2Frun%2Fpostgresql:5432/office', 'postgres://localhost:5432'],
  ])('is database.schema.table of the server in %s, without user and password', (url, namespace) => {
    expect(nameOf(url)).toEqual({ namespace, name: 'office.core.payments' });
  });

  it('is database.schema.table of the file of an embedded warehouse', () => {
    const expected = { namespace: 'duckdb:///office/data/office.v2.duckdb', name: 'office.core.payments' };
    expect(nameOf('duckdb:data/office.v2.duckdb')).toEqual(expected);
  });

  it('has the name that the schema has in the database', () => {
    const { name } = nameOf('postgres://db/office', { ...DEFAULT_SCHEMAS, core: 'census_core' });
    expect(name).toBe('office.census_core.payments');
  });
});
