import type { PipelineFiles } from '../fixtures/pipelines/make-pipeline.ts';

/** A register, its list of regions, monthly payments cut into slices, and a quarterly and a yearly return. */
export const CONFIG = `version: 1
datasets:
  regions:
    period: none
    source: {filename: "regions[_v{version}].csv"}
    schema: {primaryKey: code, fields: [{name: code}, {name: name}]}
  citizens:
    title: Citizens register
    source: {filename: "citizens_{period}[_v{version}].{xlsx,csv}"}
    schema:
      fields:
        - {name: citizen_id, title: Citizen ID, type: integer, constraints: {required: true}}
        - {name: full_name, title: Name, pii: true}
        - {name: region_code, title: Region, clean: [trim, upper]}
        - {name: income, title: Income, type: number, precision: 12, scale: 2}
      primaryKey: citizen_id
      foreignKeys: [{fields: region_code, reference: {dataset: regions, fields: code}}]
    core: {strategy: upsert, covers: all}
  topics:
    source: {filename: "topics_{board}_{period}.csv"}
    schema: {primaryKey: topic, fields: [{name: topic}, {name: hours, type: integer}]}
  returns:
    period: quarter
    source: {filename: "returns_{period}.csv"}
    schema: {fields: [{name: item}, {name: amount, type: integer}]}
  accounts:
    period: year
    source: {filename: "accounts_{period}.csv"}
    schema: {fields: [{name: item}, {name: amount, type: integer}]}
`;

/** The register alone, without anything that it refers to. */
export const CITIZENS_ONLY = `version: 1
datasets:
  citizens:
    title: Citizens register
    source: {filename: "citizens_{period}[_v{version}].{xlsx,csv}"}
    schema:
      fields:
        - {name: citizen_id, title: Citizen ID, type: integer, constraints: {required: true}}
        - {name: full_name, title: Name, pii: true}
        - {name: income, title: Income, type: number, precision: 12, scale: 2}
      primaryKey: citizen_id
    core: {strategy: upsert}
`;

export const MART = `-- title: Incomes
-- grain: people
-- mode: period
-- period: month
-- reads: core.citizens
-- check somebody: people > 0
SELECT count(*) AS people, sum(income) AS income FROM core.citizens WHERE _data_period = :period
`;

/** A delivery of the register: id, name and income a row. */
export function citizens(
  ...rows: readonly (readonly [id: unknown, name: unknown, income: unknown])[]
): string {
  return `Citizen ID,Name,Income\n${rows.map((row) => `${row.join(',')}\n`).join('')}`;
}

export const THREE = citizens([1, 'Ada Lovelace', 10], [2, 'Bea Byron', ''], [3, 'Cy Clark', 0]);

export const register = (
  landed: Record<string, string | Uint8Array> = {},
  more: Partial<PipelineFiles> = {},
): PipelineFiles => ({
  config: CITIZENS_ONLY,
  landed,
  ...more,
});
