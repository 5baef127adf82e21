/** A pipeline in which every decision has something to decide about. */
export const CONFIG = `version: 1
name: lost
datasets:
  people:
    source: {filename: "people_{period}[_v{version}].csv"}
    schema: {primaryKey: id, fields: [{name: id, type: integer}, {name: name}, {name: income, type: integer}]}
    core: {strategy: upsert, covers: all, missing: delete}
  topics:
    source: {filename: "topics_{board}_{period}[_v{version}].csv"}
    schema: {primaryKey: topic, fields: [{name: topic}, {name: hours, type: integer}]}
    core: {strategy: upsert, key: [board, topic], rollout: staged}
`;

export const MART = `-- title: Incomes
-- grain: people
-- mode: period
-- period: month
-- reads: core.people
SELECT count(*) AS people, sum(income) AS income FROM core.people WHERE _data_period = :period
`;

const people = (...names: string[]) =>
  `id,name,income\n${names.map((name, i) => `${i + 1},${name},${(i + 1) * 10}\n`).join('')}`;
const topics = (...hours: number[]) => `topic,hours\n${hours.map((n, i) => `t${i},${n}\n`).join('')}`;

export interface Act {
  readonly land?: Readonly<Record<string, string>>;
  readonly command: string;
}

const WHO = '--by Vera --reason audit';

/** May and June are promoted, June twice, and corrected; July is loaded; a mart is behind. */
export const BEFORE: readonly Act[] = [
  { command: 'migrate' },
  {
    land: {
      'people_2025-05.csv': people('Ada', 'Bob'),
      'topics_A_2025-05.csv': topics(1, 2),
      'topics_B_2025-05.csv': topics(1),
    },
    command: 'run --period 2025-05',
  },
  {
    land: {
      'people_2025-06.csv': people('Ada', 'Bob', 'Cy'),
      'topics_A_2025-06.csv': topics(3, 2),
      'topics_B_2025-06.csv': topics(5, 5),
    },
    command: 'run --period 2025-06',
  },
  {
    land: {
      'people_2025-06_v2.csv': people('Eva', 'Bob', 'Cy'),
      'topics_A_2025-06_v2.csv': topics(4, 2, 7),
      'topics_B_2025-06_v2.csv': topics(6, 5, 1),
    },
    command: 'run --period 2025-06',
  },
  {
    command: `correct --dataset people --period 2025-06 --key id=3 --set income=31 --expect 30 ${WHO}`,
  },
  { command: 'run --period 2025-06 --through transform' },
  {
    land: {
      'people_2025-07.csv': people('Eva', 'Bob'),
      'topics_A_2025-07.csv': topics(9),
      'topics_B_2025-07.csv': topics(9, 9),
    },
    command: 'run --period 2025-07 --through load-stage',
  },
  {
    land: { 'people_2025-09.csv': people('Eva', 'Bob', 'Gil') },
    command: 'run --period 2025-09 --through validate',
  },
];

/** Of one dataset, so that numbers are given in the same order whatever is repeated. */
const LATE = { 'people_2025-08.csv': people('Eva', 'Bob', 'Cy', 'Dan') };

/** Every decision, and the steps that are called again when their answer is lost. */
export const REPEATED: readonly Act[] = [
  { command: `rollback --dataset topics --period 2025-06 --yes ${WHO}` },
  { command: `rollback --dataset people --period 2025-06 --cascade --yes ${WHO}` },
  { command: `rollback --promotion 7 --yes ${WHO}` },
  { command: `withdraw --file-id 7 ${WHO}` },
  { command: `correct --dataset people --period 2025-06 --key id=1 --set name=Eve --expect Eva ${WHO}` },
  { command: `correct --undo 1 ${WHO}` },
  { command: `approve --dataset topics --period 2025-07 --yes ${WHO}` },
  { command: `go-live --dataset topics ${WHO}` },
  { command: `go-live --dataset topics --slice board=A ${WHO}` },
  { command: `unload --dataset topics --period 2025-06 ${WHO}` },
  { command: `period close --period 2025-05 ${WHO}` },
  { command: 'prune --keep-deliveries 1 --include-promoted --apply' },
  { command: 'publish --period 2025-06 --export csv' },
  { command: 'transform --period 2025-07' },
  { command: 'transform --period 2025-07 --atomic' },
  { command: 'load-stage --period 2025-09' },
  { command: 'load-stage --dataset topics --period 2025-06 --force' },
  { command: 'load-stage --dataset people --period 2025-06 --file-id 4' },
  { land: LATE, command: 'ingest --period 2025-08' },
  { land: LATE, command: 'run --period 2025-08' },
];
