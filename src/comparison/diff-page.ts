import { counted, grouped } from '../domain/count.ts';
import { html, type Markup } from '../reports/markup.ts';
import { STYLE } from '../reports/report-style.ts';
import type { Cell } from '../warehouse/warehouse.ts';
import { type Comparison, differs } from './comparison.ts';
import {
  heading,
  keyProblemText,
  percent,
  rowLabel,
  schemaText,
  sourceColumn,
  valueText,
  verdict,
} from './wording.ts';

const SHOWN_PATTERNS = 50;

/** One file without scripts or network: the verdict first, then columns, patterns and cells. */
export function renderDiffHtml(
  comparisons: readonly Comparison[],
  of: { readonly fingerprint: string; readonly version: string },
): string {
  const [only] = comparisons;
  const title = comparisons.length === 1 && only ? heading(only) : `${only?.title} · ${only?.period}`;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}: what changes</title><style>${STYLE}</style></head><body><main>
<header><h1>${title}: what changes</h1></header>
${comparisons.length > 1 && html`<p>${verdict(comparisons)}</p>`}
${comparisons.map((comparison) => section(comparison, comparisons.length > 1))}
<footer><p class="soft small">Written by Tidemark ${of.version}; nothing was changed. Fingerprint of what is shown: <code>${of.fingerprint}</code></p></footer>
</main></body></html>
`;
  return page.text;
}

function section(comparison: Comparison, several: boolean): Markup {
  const same = !differs(comparison);
  return html`${several && html`<h2>${heading(comparison)}</h2>`}
<p class="soft small">${comparison.after}, against ${comparison.before}</p>
<section class="verdict ${same ? 'passed' : 'mind'}" role="status"><strong>${same ? 'No difference.' : 'There are differences.'}</strong><p>${verdict([comparison])}</p></section>
${schema(comparison)}
${facts(comparison)}
${keyProblems(comparison)}
${notes(comparison)}
${columns(comparison)}
${patterns(comparison)}
${countsBy(comparison)}
${cellTable(comparison)}
${rowTable(comparison)}`;
}

function schema({ schema_changes: changes }: Comparison): Markup {
  if (changes.length === 0) return html``;
  return html`<h2>Columns that differ in kind</h2><ul>${changes.map((change) => html`<li>${schemaText(change)}</li>`)}</ul>`;
}

function facts({ counts }: Comparison): Markup {
  const fact = (value: number, what: string) => html`<div><b>${grouped(value)}</b>${what}</div>`;
  return html`<section class="facts" aria-label="Counts">${fact(counts.added, 'added')}${fact(counts.modified, 'modified')}${fact(counts.removed, 'removed')}${
    counts.closed > 0 && fact(counts.closed, 'closed')
  }${fact(counts.unchanged, 'unchanged')}${fact(counts.cells, counts.cells === 1 ? 'cell changed' : 'cells changed')}${
    counts.shadowed > 0 && fact(counts.shadowed, 'delivered later again')
  }${counts.not_compared > 0 && fact(counts.not_compared, 'not compared')}</section>
<p class="soft small">${counted(counts.before, 'row')} before, ${grouped(counts.after)} after.</p>`;
}

function keyProblems({ key_problems: problems, key }: Comparison): Markup {
  if (problems.length === 0) return html``;
  return html`<h2>Rows without a usable key</h2><section class="mind"><ul>${problems.map((problem) => html`<li>${keyProblemText(problem, key)}</li>`)}</ul></section>`;
}

function notes(comparison: Comparison): Markup {
  const told = [
    ...comparison.notes,
    ...(comparison.tolerance === null
      ? []
      : [
          `Numbers that differ by up to ${comparison.tolerance} count as equal; ${counted(comparison.counts.within_tolerance, 'row differs', 'rows differ')} by no more.`,
        ]),
    ...(comparison.personal === 'masked' ? ['Personal data is masked.'] : []),
    ...(comparison.personal === 'shown' ? ['This page shows personal data; keep it accordingly.'] : []),
  ];
  if (told.length === 0) return html``;
  return html`<h2>Notes</h2><ul>${told.map((note) => html`<li>${note}</li>`)}</ul>`;
}

function columns(comparison: Comparison): Markup {
  if (comparison.columns.length === 0) return html``;
  return html`<h2>Changed columns</h2><div class="scroll"><table><thead><tr><th>Column</th><th class="num">Changed</th><th class="num">Of rows</th><th></th><th class="num">Became empty</th><th class="num">Were empty</th></tr></thead>
<tbody>${comparison.columns.map(
    (one) =>
      html`<tr><td>${one.column}</td><td class="num">${grouped(one.changed)}</td><td class="num">${percent(one.rate)}</td><td>${bar(one.rate ?? 0)}</td><td class="num">${grouped(one.emptied)}</td><td class="num">${grouped(one.filled)}</td></tr>`,
  )}</tbody></table></div>`;
}

function bar(rate: number): Markup {
  const width = (rate * 100).toFixed(1);
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="${width}%"><rect class="back" width="100" height="8" rx="2"/><rect class="full" width="${width}" height="8" rx="2"/></svg>`;
}

function value(cell: Cell): Markup {
  return cell === null ? html`<span class="soft">empty</span>` : html`<code>${valueText(cell)}</code>`;
}

function patterns(comparison: Comparison): Markup {
  if (comparison.patterns.length === 0) return html``;
  const shown = comparison.patterns.slice(0, SHOWN_PATTERNS);
  return html`<h2>The same change in many rows</h2><div class="scroll"><table><thead><tr><th class="num">Rows</th><th>Column</th><th>Before</th><th>After</th></tr></thead>
<tbody>${shown.map(
    (one) =>
      html`<tr><td class="num">${grouped(one.rows)}</td><td>${one.column}</td><td>${value(one.before)}</td><td>${value(one.after)}</td></tr>`,
  )}</tbody></table></div>`;
}

function countsBy({ by }: Comparison): Markup {
  return html`${by.map(
    ({ column, groups, of }) =>
      html`<h2>By ${column}</h2><div class="scroll"><table><thead><tr><th>${column}</th><th class="num">Added</th><th class="num">Modified</th><th class="num">Removed</th><th class="num">Closed</th><th class="num">Unchanged</th></tr></thead>
<tbody>${groups.map(
        (group) =>
          html`<tr><td>${value(group.value)}</td><td class="num">${grouped(group.added)}</td><td class="num">${grouped(group.modified)}</td><td class="num">${grouped(group.removed)}</td><td class="num">${grouped(group.closed)}</td><td class="num">${grouped(group.unchanged)}</td></tr>`,
      )}</tbody></table></div>${of > groups.length && html`<p class="soft small">And ${counted(of - groups.length, 'more value')}.</p>`}`,
  )}`;
}

function cellTable(comparison: Comparison): Markup {
  const { cells, counts } = comparison;
  if (cells.length === 0) return html``;
  return html`<h2>Changed cells</h2><div class="scroll"><table><thead><tr><th>Row</th><th class="num">${sourceColumn(comparison)}</th><th>Column</th><th>Before</th><th>After</th></tr></thead>
<tbody>${cells.map(
    (cell) =>
      html`<tr><td>${rowLabel(comparison, cell.key)}</td><td class="num">${cell.source_row}</td><td>${cell.column}</td><td>${value(cell.before)}</td><td>${value(cell.after)}</td></tr>`,
  )}</tbody></table></div>${counts.cells > cells.length && html`<p class="soft small">And ${counted(counts.cells - cells.length, 'more cell')}.</p>`}`;
}

const TAGS = { added: 'info', removed: 'error', closed: 'warning' } as const;

function rowTable(comparison: Comparison): Markup {
  const { rows, counts } = comparison;
  if (rows.length === 0) return html``;
  const more = counts.added + counts.removed + counts.closed - rows.length;
  return html`<h2>Added, removed and closed rows</h2><div class="scroll"><table><thead><tr><th></th><th>Row</th><th class="num">${sourceColumn(comparison)}</th></tr></thead>
<tbody>${rows.map(
    (row) =>
      html`<tr><td><span class="tag ${TAGS[row.change]}">${row.change}</span></td><td>${rowLabel(comparison, row.key)}</td><td class="num">${row.source_row}</td></tr>`,
  )}</tbody></table></div>${more > 0 && html`<p class="soft small">And ${counted(more, 'more row')}.</p>`}`;
}
