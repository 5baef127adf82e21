import type { Config } from '../config/config.ts';
import { counted } from '../domain/count.ts';
import { exportOfFailed } from '../domain/failed-records.ts';
import { type Period, parsePeriod, periodDays } from '../domain/period.ts';
import { sliceOptions } from '../domain/slice.ts';
import { type Target, targetShown } from '../domain/target.ts';
import { decidedBy } from '../domain/who-and-why.ts';
import { command, type Words, words } from '../errors/advice.ts';
import { displayPath, type Project, reportFolder } from '../lake/project.ts';
import type { RecordsLine } from '../records/records-board.ts';
import type { LooseFile } from './landed-loose.ts';
import type { StatusRow } from './status.ts';

/** The board, and what is shown below it. */
export interface Situation {
  readonly board: readonly StatusRow[];
  readonly loose: readonly LooseFile[];
  readonly records: readonly RecordsLine[];
  readonly stale: readonly { readonly mart: string; readonly period: string }[];
}

/**
 * What to do next, the most urgent first, as sentences that name the command or the file: what people have to fix, then
 * what a command does, then what is late. Closed periods need nothing.
 */
export function nextSteps(
  project: Project,
  config: Config,
  { board, loose, records, stale }: Situation,
): Words[] {
  const open = board.filter(({ closed }) => closed === null);
  const of = (...states: StatusRow['state'][]) => open.filter(({ state }) => states.includes(state));
  const fresh = loose.flatMap(({ dataset, period }) => (dataset === null || period === null ? [] : [period]));
  const due = of('to validate', 'to load', 'to promote').map(({ period }) => period);
  return [
    ...of('refused').map((row) => {
      const folder = reportFolder(project, { ...row, fileId: row.fileId as number });
      return `Fix ${row.path} as ${displayPath(project, folder)}/report.html says, and drop it into data/landed again.`;
    }),
    ...loose.flatMap(({ path, dataset, fix }) =>
      dataset === null ? [`${path}: ${fix ?? 'take it away.'}`] : [],
    ),
    ...runs(config, [...fresh, ...due]),
    ...records.flatMap(({ dataset, waiting }) =>
      waiting > 0 ? [words`${command('records promote', { dataset, all: true })}`] : [],
    ),
    ...records.flatMap(({ dataset, failed }) =>
      failed > 0
        ? [words`${counted(failed, 'record')} of ${dataset} failed: ${exportOfFailed(dataset)} says why.`]
        : [],
    ),
    ...records.flatMap(({ dataset, held }) =>
      held > 0
        ? [
            words`${counted(held, 'record')} of ${dataset} ${held === 1 ? 'is' : 'are'} held, because the promotion was rolled back: ${command('records retry', { dataset, all: true })} lets ${held === 1 ? 'it' : 'them'} wait again.`,
          ]
        : [],
    ),
    ...of('held').map(
      ({ dataset, period, slice }) =>
        words`${what({ dataset, period, slice })} is held, because its promotion was rolled back: deliver other rows, or approve these: ${command('approve', { dataset, period, ...sliceOptions(slice), ...decidedBy() })}`,
    ),
    ...of('withdrawn').map(
      (row) => `Every delivery of ${what(row)} was withdrawn, and core still has its rows: deliver it again.`,
    ),
    ...[...new Set(stale.map(({ period }) => period))].map(
      (period) => words`${command('publish', { period })}`,
    ),
    ...of('late').map((row) => {
      const owner = config.datasets.get(row.dataset)?.owner;
      return `${what(row)} was due by ${row.dueBy}: ask ${owner ?? 'who delivers it'} for the file.`;
    }),
  ].filter((step, i, all) => all.indexOf(step) === i);
}

/** One run per period; it also takes lists without a period. */
function runs(config: Config, periods: readonly string[]): Words[] {
  const dated = [...new Set(periods)]
    .flatMap((text) => parsePeriod(text) ?? [])
    .sort(widerFirst)
    .map(({ text }) => text);
  if (dated.length > 0) return dated.map((period) => words`${command('run', { period })}`);
  if (periods.length === 0) return [];
  const isDated = [...config.datasets.values()].some(({ periodKind }) => periodKind !== 'none');
  return [
    words`A list is waiting: the next \`${command('run')}\`${isDated ? ' of any period' : ''} takes it.`,
  ];
}

/** A quarter or a year before the months in it, which may refer to its lists and wait for them. */
function widerFirst(a: Period, b: Period): number {
  const [from, other] = [periodDays(a), periodDays(b)];
  const [start, end] = [from?.from ?? '', from?.until ?? ''];
  if (start !== other?.from) return start < (other?.from ?? '') ? -1 : 1;
  return end > (other?.until ?? '') ? -1 : 1;
}

function what({ dataset, period, slice }: Target): string {
  return targetShown({ dataset, period: period === 'none' ? null : period, slice });
}
