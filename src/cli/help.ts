/** What the help says about a command besides its flags. */
export interface CommandHelp {
  /** The heading for it in `tidemark --help`. */
  readonly heading: string;
  /** A call that can be copied, with example names. */
  readonly example: string;
}

const STEPS = 'A month, step by step:';
const PROMOTION = 'Before and after a promotion:';
const CORRECTION = 'When a delivery is wrong:';
const RECORDS = 'Records from scripts:';
const LOOKING = 'Looking:';
const SETUP = 'A pipeline and its warehouse:';

const WHO = '--reason "as agreed with finance" --by "Vera Smit"';

/** By the full name of the command, such as `config check`. */
export const HELP: Readonly<Record<string, CommandHelp>> = {
  run: { heading: STEPS, example: 'tidemark run --period 2025-06' },
  ingest: { heading: STEPS, example: 'tidemark ingest --period 2025-06' },
  validate: { heading: STEPS, example: 'tidemark validate --period 2025-06 --dataset payments' },
  'load-stage': { heading: STEPS, example: 'tidemark load-stage --period 2025-06 --dataset payments' },
  transform: { heading: STEPS, example: 'tidemark transform --period 2025-06 --dataset payments' },
  publish: { heading: STEPS, example: 'tidemark publish --period 2025-06' },
  diff: { heading: PROMOTION, example: 'tidemark diff --dataset payments --period 2025-06 --html diff.html' },
  approve: {
    heading: PROMOTION,
    example: `tidemark approve --dataset payments --period 2025-06 ${WHO}`,
  },
  'go-live': { heading: PROMOTION, example: `tidemark go-live --dataset payments ${WHO}` },
  rollback: { heading: PROMOTION, example: `tidemark rollback --promotion 12 ${WHO}` },
  'period close': { heading: PROMOTION, example: `tidemark period close --period 2025-06 ${WHO}` },
  'period reopen': { heading: PROMOTION, example: `tidemark period reopen --period 2025-06 ${WHO}` },
  correct: {
    heading: CORRECTION,
    example: `tidemark correct --dataset payments --period 2025-06 --key payment_id=7 --set amount=12.50 --expect 125.00 ${WHO}`,
  },
  withdraw: { heading: CORRECTION, example: `tidemark withdraw --file-id 8 ${WHO}` },
  unload: { heading: CORRECTION, example: `tidemark unload --dataset payments --period 2025-06 ${WHO}` },
  'records submit': {
    heading: RECORDS,
    example: 'tidemark records submit --dataset postings --run 2025-06-01 --actor fetcher postings.ndjson',
  },
  'records promote': {
    heading: RECORDS,
    example: 'tidemark records promote --dataset postings --run 2025-06-01',
  },
  'records retry': {
    heading: RECORDS,
    example: 'tidemark records retry --dataset postings --run 2025-06-01',
  },
  'records rebuild': { heading: RECORDS, example: `tidemark records rebuild --dataset postings ${WHO}` },
  'records status': { heading: RECORDS, example: 'tidemark records status --dataset postings' },
  'records show': { heading: RECORDS, example: 'tidemark records show 7 --dataset postings' },
  'records summary': {
    heading: RECORDS,
    example: 'tidemark records summary --dataset postings --by location',
  },
  'records export': {
    heading: RECORDS,
    example: 'tidemark records export --dataset postings --failed --format xlsx --output failed.xlsx',
  },
  status: { heading: LOOKING, example: 'tidemark status --period 2025-06' },
  history: { heading: LOOKING, example: 'tidemark history --dataset payments --period 2025-06' },
  report: { heading: LOOKING, example: 'tidemark report --dataset payments --period 2025-06' },
  trace: { heading: LOOKING, example: 'tidemark trace core.payments 7' },
  export: {
    heading: LOOKING,
    example: 'tidemark export mart.payments_by_region --period 2025-06 --format xlsx --file payments.xlsx',
  },
  peek: { heading: LOOKING, example: 'tidemark peek data/landed/payments_2025-06.xlsx' },
  init: { heading: SETUP, example: 'tidemark init --from payments_2025-06.xlsx my-pipeline' },
  migrate: { heading: SETUP, example: 'tidemark migrate --dry-run' },
  'config check': { heading: SETUP, example: 'tidemark config check' },
  doctor: { heading: SETUP, example: 'tidemark doctor' },
  prune: { heading: SETUP, example: 'tidemark prune --older-than 12m' },
};
