/** The configuration of datasets that tests of stage deliver, as Parquet that a SELECT gives. */
export const STAGE_CONFIG = `version: 1
datasets:
  cases:
    title: Cases
    period: month
    source: {filename: "cases_{period}.csv"}
    schema: {fields: [{name: id, type: integer}, {name: note, type: string}, {name: amount, type: number, precision: 12, scale: 2}]}
    core: {key: [id], strategy: upsert}
  topics:
    title: Topics
    period: month
    source: {filename: "topics_{board}_{period}.csv"}
    schema: {fields: [{name: id, type: integer}]}
    core: {key: [board, id], strategy: upsert}
  people:
    title: People
    period: month
    source: {filename: "people_{period}.csv"}
    schema:
      fields:
        - {name: id, type: integer, constraints: {required: true}}
        - {name: name, type: string, pii: true, constraints: {maxLength: 12}, rules: {maxLength: {severity: warning}}}
        - {name: region, type: string, clean: [upper], constraints: {enum: [NO, SO, EA]}}
        - {name: income, type: number, precision: 12, scale: 2}
        - {name: born, type: date, format: ["%d/%m/%Y"]}
      primaryKey: [id]
    checks:
      - {name: sound_income, expect: "income >= 0"}
    core: {key: [id], strategy: upsert}
  visits:
    title: Visits
    period: month
    source: {filename: "visits_{period}.csv"}
    schema: {primaryKey: place, fields: [{name: place}, {name: people, type: integer}, {name: staff, type: integer}]}
    core: {key: [place], strategy: replace_period}
  yearly:
    title: Yearly
    period: year
    source: {filename: "yearly_{period}.csv"}
    schema: {fields: [{name: id, type: integer}]}
    core: {key: [id], strategy: upsert}
`;

/** The SELECT of `rows` cases, every note the same word. */
export function cases(rows: number, note: string): string {
  return `SELECT range AS id, ${`'${note}'`} AS note, CAST(range / 4.0 AS DECIMAL(12,2)) AS amount, range + 2 AS _source_row
    FROM range(${rows})`;
}
