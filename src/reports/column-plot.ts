import { html, type Markup } from './markup.ts';
import { percent } from './report-words.ts';
import type { ColumnProfile, ColumnShape } from './validation-report.ts';

const WIDTH = 120;
const HEIGHT = 28;
/** Bars of a column with few different values. */
const BARS = 8;

type Steps = Extract<ColumnShape, { kind: 'steps' }>;
type Values = Extract<ColumnShape, { kind: 'values' }>;

/**
 * How the values of a column are distributed, as a small picture: bars for this delivery, a line for the last period.
 * The same is said in words too, for people who do not see the picture.
 */
export function columnPlot(column: ColumnProfile, last: ColumnProfile | null, period: string | null): Markup {
  const { shape } = column;
  const before = last?.shape?.kind === shape?.kind ? (last?.shape ?? null) : null;
  if (shape === null) return html``;
  const than = before === null || period === null ? '' : `; the line is ${period}`;
  return shape.kind === 'steps'
    ? picture(
        `Spread from ${column.min ?? ''} to ${column.max ?? ''}${than}`,
        steps(shape, before as Steps | null),
      )
    : picture(`${spoken(shape)}${than}`, values(shape, before as Values | null));
}

function picture(label: string, inside: Markup): Markup {
  return html`<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${label}">${inside}</svg>`;
}

/** Both on one axis, from the smaller first value to the larger last one, each by its share of the rows per step. */
function steps(now: Steps, last: Steps | null): Markup {
  const from = Math.min(now.from, last?.from ?? now.from);
  const to = Math.max(now.to, last?.to ?? now.to);
  const densities = (one: Steps) => {
    const rows = one.counts.reduce((sum, count) => sum + count, 0) || 1;
    const step = (one.to - one.from) / one.counts.length;
    return one.counts.map((count, i) => ({ x: one.from + i * step, step, y: count / rows / step }));
  };
  const [bars, line] = [densities(now), last === null ? [] : densities(last)];
  const highest = Math.max(...[...bars, ...line].map(({ y }) => y)) || 1;
  const x = (value: number) => (((value - from) / (to - from)) * WIDTH).toFixed(1);
  const tall = (y: number) => (y / highest) * (HEIGHT - 2);
  const path = line
    .map(
      (one, i) =>
        `${i === 0 ? 'M' : 'L'}${x(one.x)} ${(HEIGHT - tall(one.y)).toFixed(1)}H${x(one.x + one.step)}`,
    )
    .join('');
  return html`${bars.map(
    (one) =>
      one.y > 0 &&
      html`<rect x="${x(one.x)}" y="${(HEIGHT - tall(one.y)).toFixed(1)}" width="${Math.max(0.6, Number(x(one.x + one.step)) - Number(x(one.x)) - 0.4).toFixed(1)}" height="${tall(one.y).toFixed(1)}"/>`,
  )}${path !== '' && html`<path d="${path}"/>`}`;
}

function values(now: Values, last: Values | null): Markup {
  const shares = (one: Values | null) => {
    const rows = one?.values.reduce((sum, [, count]) => sum + count, 0) || 1;
    return new Map(one?.values.map(([value, count]) => [value, count / rows]));
  };
  const [bars, before] = [shares(now), shares(last)];
  const names = [...new Set([...bars.keys(), ...before.keys()])].slice(0, BARS);
  const highest = Math.max(...bars.values(), ...before.values()) || 1;
  const step = WIDTH / Math.max(3, names.length);
  const tall = (share: number | undefined) => ((share ?? 0) / highest) * (HEIGHT - 2);
  return html`${names.map((name, i) => {
    const y = (HEIGHT - tall(before.get(name))).toFixed(1);
    return html`<rect x="${(i * step).toFixed(1)}" y="${(HEIGHT - tall(bars.get(name))).toFixed(1)}" width="${(step - 2).toFixed(1)}" height="${tall(bars.get(name)).toFixed(1)}"><title>${name}: ${percent(bars.get(name) ?? 0)}</title></rect>${
      last !== null && html`<path d="M${(i * step).toFixed(1)} ${y}H${(i * step + step - 2).toFixed(1)}"/>`
    }`;
  })}`;
}

function spoken({ values: all }: Values): string {
  const rows = all.reduce((sum, [, count]) => sum + count, 0) || 1;
  const first = all.slice(0, BARS).map(([value, count]) => `${value} ${percent(count / rows)}`);
  return `${first.join(', ')}${all.length > BARS ? ' and others' : ''}`;
}
