/** Job postings that scripts hand over, and skills that refer to them. */
export const POSTINGS = `version: 1
datasets:
  postings:
    period: none
    source: {records: {unknown: ignore}}
    schema:
      fields:
        - {name: job_id, path: "$.job.id", type: string, constraints: {required: true}}
        - {name: site, value: example_bank}
        - {name: title, path: "$.job.title", type: string, constraints: {required: true, maxLength: 40}}
        - {name: city, path: "$.places[0]['city name']", default: unknown}
        - {name: salary, type: number}
        - {name: contact, path: "$.contact.mail", pii: true}
      primaryKey: [site, job_id]
    core: {key: [site, job_id], identity: posting_id}
  skills:
    source: {records: {}}
    schema: {primaryKey: skill, fields: [{name: skill}]}
`;
