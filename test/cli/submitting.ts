import type { World } from './world.ts';

/** Datasets that take records, and one that has files. */
export const RECORDS_CONFIG = `version: 1
datasets:
  postings:
    period: none
    source: {records: {}}
    schema: {primaryKey: job_id, fields: [{name: job_id}, {name: title}]}
    core: {strategy: upsert}
  skills:
    period: none
    source: {records: {}}
    schema: {primaryKey: name, fields: [{name: name}]}
    core: {strategy: upsert}
  regions:
    period: none
    source: {filename: "regions[_v{version}].csv"}
    schema: {primaryKey: code, fields: [{name: code}]}
`;

export const SUBMIT = 'records submit --dataset postings --run night --actor fetcher';

/** The texts of the stored records, in the order of their numbers. */
export async function stored(world: World, table = 'stage.postings_records'): Promise<string[]> {
  const rows = await world.query(
    `SELECT CAST(raw_data AS VARCHAR) AS text FROM ${table} ORDER BY staging_id`,
  );
  return rows.map(({ text }) => text as string);
}

export const lines = (records: readonly string[]): string => records.map((record) => `${record}\n`).join('');
