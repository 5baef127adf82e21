import { counted } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { blank, command, option, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { findMarts } from '../marts/find-marts.ts';
import type { Mart } from '../marts/mart.ts';
import { maskedTrace } from '../trace/masked-trace.ts';
import { traceCore } from '../trace/trace-core.ts';
import { traceMart } from '../trace/trace-mart.ts';
import type { Trace } from '../trace/traced.ts';
import type { StepContext } from './step.ts';

export interface TraceInput {
  /** `core.<table>` or `mart.<table>`; without a schema, core. */
  readonly table: string;
  /** `name=value`, or only values for the parts of the key, in its order. */
  readonly key: readonly string[];
  readonly showPersonal: boolean;
}

export interface TraceAnswer {
  readonly result: StepResult;
  readonly trace: Trace;
}

const STEP = 'trace';

/**
 * A row becomes its origin: promotions, load, delivery, file, sheet, row and cells, or the record of a script. Changes nothing. Refuses unknown
 * tables and rows.
 */
export async function trace(ctx: StepContext, input: TraceInput): Promise<TraceAnswer> {
  const { dialect } = ctx.warehouse.capabilities;
  const marts = findMarts(ctx.project, ctx.config.datasets, dialect);
  const of = tableOf(ctx.config.datasets, marts, input.table);

  const env = { project: ctx.project, limits: ctx.config.limits, dialect, signal: ctx.signal };
  const found = await ctx.warehouse.read((session) =>
    'mart' in of
      ? traceMart(session, of.mart, ctx.config.datasets, wantedOf(input, martKey(of.mart), null))
      : traceCore(session, env, of.dataset, wantedOf(input, of.dataset.core.key, of.dataset)),
  );
  const shown = 'mart' in of || input.showPersonal ? found : maskedTrace(found, of.dataset);

  const rows = found.rows.length + found.more;
  const what = 'mart' in of ? counted(found.sources.length, 'core table') : counted(rows, 'row');
  const told = `${found.table}: traced to ${what}.`;
  const result = stepResult({
    step: STEP,
    status: 'done',
    dataset: 'mart' in of ? null : of.dataset.name,
    fileId: found.rows.length === 1 ? (found.rows[0]?.delivery?.file_id ?? null) : null,
    message: input.showPersonal ? words`${told} Personal data was shown (${option('showPii')}).` : told,
  });
  return { result, trace: shown };
}

function martKey(mart: Mart): readonly string[] {
  return [...mart.grain, ...(mart.mode === 'period' ? ['_data_period'] : [])];
}

function tableOf(
  datasets: ReadonlyMap<string, Dataset>,
  marts: readonly Mart[],
  given: string,
): { readonly dataset: Dataset } | { readonly mart: Mart } {
  const [schema, name] = given.includes('.') ? given.split(/\.(.*)/s) : ['core', given];
  const dataset = [...datasets.values()].find((each) => each.core.table === name);
  if (schema === 'core' && dataset !== undefined) return { dataset };
  const mart = marts.find((each) => each.name === name);
  if (schema === 'mart' && mart !== undefined) return { mart };
  const known = [
    ...[...datasets.values()].map((each) => `core.${each.core.table}`),
    ...marts.map((each) => `mart.${each.name}`),
  ];
  const meant = didYouMean(given, known);
  throw new TidemarkError('usage', {
    message: `There is no table ${given} to trace${meant === null ? '.' : `; did you mean ${meant}?`}`,
    hint: `Known: ${known.join(', ') || 'none'}.`,
  });
}

/** Values without a name are the parts of the key, in its order; `name=` alone means blank. */
function wantedOf(
  input: TraceInput,
  key: readonly string[],
  dataset: Dataset | null,
): ReadonlyMap<string, string | null> {
  const names = new Set([...key, '_data_period', ...(dataset === null ? [] : ['_valid_from'])]);
  const bare: string[] = [];
  const wanted = new Map<string, string | null>();
  for (const part of input.key.flatMap((text) => partsOf(text, names))) {
    const at = part.indexOf('=');
    const name = part.slice(0, at);
    if (at > 0 && names.has(name)) wanted.set(name, part.slice(at + 1) || null);
    else if (at > 0 && key.length !== 1) throw unknownPart(name, names);
    else bare.push(part);
  }
  const open = key.filter((name) => !wanted.has(name));
  for (const [i, value] of bare.entries()) {
    const name = open[i];
    if (name === undefined) throw unknownPart(value, names);
    wanted.set(name, value);
  }
  if (wanted.size > 0) return wanted;
  throw new TidemarkError('usage', {
    message: 'trace needs the key of a row.',
    hint: words`${command('trace', {}, input.table, ...key.map((name) => blank(`${name}=…`)))}`,
  });
}

/** `a=1,b=2` has two parts; a comma in a value divides only where the name of a part follows it. */
function partsOf(text: string, names: ReadonlySet<string>): string[] {
  const parts: string[] = [];
  for (const piece of text.split(',')) {
    const isNew = parts.length === 0 || names.has(piece.slice(0, Math.max(0, piece.indexOf('='))));
    if (isNew) parts.push(piece);
    else parts.push(`${parts.pop()},${piece}`);
  }
  return parts;
}

function unknownPart(name: string, names: ReadonlySet<string>): TidemarkError {
  const own = [...names].filter((each) => !each.startsWith('_'));
  return new TidemarkError('usage', {
    message: `'${name}' is no part of the key.`,
    hint: `The key is ${own.join(', ')}.`,
  });
}
