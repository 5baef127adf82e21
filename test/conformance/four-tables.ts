/** The tables that scripts of a job market hand records to. */
export const FOUR_TABLES = `version: 1
datasets:
  postings:
    period: none
    source: {records: {unknown: ignore}}
    schema:
      fields:
        - {name: source_website, value: example_bank, type: string}
        - {name: external_job_id, path: "$.job_id", type: string, constraints: {required: true}}
        - {name: job_title, path: "$.job.title", type: string, constraints: {required: true, maxLength: 20}}
        - {name: location, path: "$.places[0]['city name']", default: unknown, type: string}
        - {name: pay, path: "$.pay", type: number, precision: 12, scale: 2}
        - {name: description, type: string}
      primaryKey: [source_website, external_job_id]
    core: {key: [source_website, external_job_id], strategy: upsert, identity: posting_id}
  profile_skills:
    period: none
    source: {records: {}}
    schema:
      fields:
        - {name: posting_id, type: integer}
        - {name: skill, type: string}
        - {name: level, type: integer, constraints: {minimum: 1, maximum: 5}}
      primaryKey: [posting_id, skill]
      foreignKeys: [{fields: posting_id, reference: {dataset: postings, fields: posting_id}}]
    core: {key: [posting_id, skill], strategy: upsert, on_duplicate: update}
  job_skills:
    period: none
    source: {records: {unknown: warn}}
    schema:
      fields:
        - {name: source_website, value: example_bank, type: string}
        - {name: job_id, type: string}
        - {name: skill, type: string}
      primaryKey: [job_id, skill]
    core:
      key: [job_id, skill]
      strategy: upsert
      references: [{column: posting_id, fields: [source_website, job_id], dataset: postings}]
  skill_aliases:
    period: none
    source: {records: {unknown: refuse}}
    schema:
      fields:
        - {name: alias, type: string}
        - {name: broader, type: string}
        - {name: code, type: string, constraints: {unique: true}}
      primaryKey: [alias]
    checks:
      - {hierarchy: {key: alias, parent: broader}}
    core: {key: [alias], strategy: upsert}
`;

/** The same, and postings that are there already take the values of later records. */
export const UPDATING_POSTINGS = FOUR_TABLES.replace(
  'identity: posting_id}',
  'identity: posting_id, on_duplicate: update}',
);

export const posting = (job_id: unknown, title: unknown, more: object = {}) => ({
  job_id,
  job: { title },
  ...more,
});
