import { Markup } from './markup.ts';

/** Readable on a phone, on a desk and on paper; light and dark. */
export const STYLE = new Markup(`
:root { color-scheme: light dark; --ink: #1b2430; --soft: #5b6675; --line: #d8dee6; --page: #fff; --band: #f4f6f9;
  --good: #17643a; --good-page: #e7f5ec; --bad: #9d1c1c; --bad-page: #fdecec; --mind: #7a4d00; --mind-page: #fff4dc; --link: #0b57b0; --plot: #7d94b5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #a3adba; --line: #39424e; --page: #161b22; --band: #1f262f;
  --good: #8fdcae; --good-page: #14311f; --bad: #ffb0b0; --bad-page: #3a1717; --mind: #f5cf85; --mind-page: #3a2b0d; --link: #8ab8ff; --plot: #6f87aa; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main, body > header, body > footer { max-width: 72rem; margin: 0 auto; padding: 0 1rem; } body > header { padding-top: 1.25rem; } main { padding-bottom: 1rem; } body > footer { padding-bottom: 3rem; }
main:first-child { padding: 1.25rem 1rem 4rem; }
h1 { font-size: 1.35rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; } h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
p { margin: .3rem 0 .6rem; } .soft { color: var(--soft); } .small { font-size: .875rem; }
.verdict { border-radius: .5rem; padding: 1rem 1.1rem; margin: 1rem 0; } .verdict strong { font-size: 1.2rem; display: block; }
.passed { background: var(--good-page); color: var(--good); } .refused { background: var(--bad-page); color: var(--bad); }
.mind { background: var(--mind-page); color: var(--mind); border-radius: .5rem; padding: .6rem 1.1rem; }
.verdict p, .mind p, .mind li { color: var(--ink); } .verdict .action { margin: .6rem 0 0; padding-top: .6rem; border-top: 1px solid currentColor; }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1rem; list-style: none; padding: 0; margin: 1rem 0 0; font-size: .9rem; } nav li { margin: 0; } a { color: var(--link); }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
ul.plain { list-style: none; padding-left: 0; } ul.plain li { margin: .5rem 0; } ul.plain.mind { padding: .4rem 1.1rem; }
summary h3 { display: inline; margin: 0; } .cells { font-variant-numeric: tabular-nums; }
.plot { display: block; } .plot rect { fill: var(--plot); } .plot path { fill: none; stroke: var(--ink); stroke-width: 1.5; }
ul, ol { padding-left: 1.3rem; margin: .3rem 0; } li { margin: .2rem 0; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .6rem; margin: 1rem 0; }
.facts div { background: var(--band); border-radius: .4rem; padding: .5rem .8rem; } .facts { padding: 0; } .facts b, .facts dd { display: block; margin: 0; font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; } .facts div:has(dd) { display: flex; flex-direction: column-reverse; justify-content: flex-end; } .facts dt { color: var(--soft); font-size: .9rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; font-weight: 600; } thead th { color: var(--soft); } th, td { padding: .4rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td, tbody th { overflow-wrap: anywhere; min-width: 4rem; } .words { min-width: 13rem; } .value { min-width: 8rem; } .expected { min-width: 12rem; } .since { white-space: nowrap; } .cards td.cells { min-width: 6rem; } tr.rule th { padding-top: 1rem; } .num { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; } code { font: .9em ui-monospace, Consolas, monospace; white-space: pre-wrap; }
.tag { font-size: .75rem; font-weight: 600; border-radius: .25rem; padding: .1rem .4rem; white-space: nowrap; }
.tag.error { background: var(--bad-page); color: var(--bad); } .tag.warning { background: var(--mind-page); color: var(--mind); } .tag.info { background: var(--band); color: var(--soft); }
.bar { display: block; width: 6rem; height: .5rem; } .bar rect.back { fill: var(--line); } .bar rect.full { fill: var(--plot); } .bar rect.mark { fill: var(--ink); }
details { border-top: 1px solid var(--line); padding: .4rem 0; } summary { cursor: pointer; }
@media (max-width: 40rem) { .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } .cards table, .cards tbody, .cards tr, .cards td, .cards tbody th { display: block; width: 100%; min-width: 0; text-align: left; white-space: normal; }
  .cards tr { border-bottom: 1px solid var(--line); padding: .5rem 0; } .cards td, .cards tbody th { border: 0; padding: .1rem 0; } .cards [data-l]:not(:empty)::before { content: attr(data-l) ": "; color: var(--soft); font-weight: 400; } .cards td:empty { display: none; }
  .cards .num, .cards td.cells, .cards td.tagged, .cards td.key, .cards td.since, .cards tbody th.num { display: inline-block; width: auto; margin-right: 1rem; } }
@media print { :root { color-scheme: light; --page: #fff; --ink: #000; --soft: #444; --line: #bbb; --band: #fff; --good: #17643a; --good-page: #fff; --bad: #9d1c1c; --bad-page: #fff; --mind: #7a4d00; --mind-page: #fff; --plot: #7d94b5; } nav { display: none; } .verdict { border: 2px solid currentColor; } main, body > header, body > footer { max-width: none; padding: 0; } main { max-width: none; padding: 0; } .scroll { overflow: visible; } tr, .verdict { break-inside: avoid; } h2, h3 { break-after: avoid; } body { font-size: 11pt; } details { display: block; } }
`);
