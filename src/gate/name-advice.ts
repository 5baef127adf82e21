import { extname } from 'node:path';
import type { Dataset } from '../domain/dataset.ts';
import { editDistance } from '../domain/did-you-mean.ts';
import type { PeriodKind } from '../domain/period.ts';
import { shownText } from '../domain/shown-text.ts';
import { type NamePartValues, writtenNames } from './match-dataset.ts';
import { nameParts } from './name-parts.ts';

/** File endings of the same kind of file: one may be renamed to the other. */
const KINDS: readonly (readonly string[])[] = [
  ['.csv', '.tsv', '.tab', '.txt'],
  ['.jsonl', '.ndjson'],
];
const ARCHIVES = new Set(['.zip', '.gz', '.7z', '.rar', '.tar', '.tgz', '.bz2', '.xz', '.zst']);
const SPREADSHEETS = new Set(['.xls', '.xlsb', '.xlsm', '.xlsx', '.ods', '.numbers', '.xlt', '.xltx']);
const SAVE_AS: Readonly<Record<string, string>> = {
  '.xlsx': 'Excel workbook (.xlsx)',
  '.xlsm': 'Excel workbook with macros (.xlsm)',
  '.csv': 'CSV (.csv)',
};
const WRITTEN: Record<PeriodKind, string> = {
  month: 'YYYY-MM',
  quarter: 'YYYY-QN',
  year: 'YYYY',
  none: '',
};

/**
 * What to do with a file whose name fits no dataset, as a delivery of the nearest one. The proposed name keeps the
 * period and the slice that the name shows, and has placeholders for what it does not show. A file of another kind has
 * to be saved as the right kind, unpacked or delivered again, never only renamed. `taken` says whether a file of that
 * name is beside it.
 */
export function nameAdvice(dataset: Dataset, name: string, taken: (name: string) => boolean): string {
  const ending = extname(name).toLowerCase();
  const stem = name.slice(0, name.length - extname(name).length).normalize('NFC');
  const known = nameParts(dataset, stem);
  const written = WRITTEN[dataset.periodKind];
  const values: NamePartValues = {
    period: known.period ?? written,
    version: known.version,
    slice: (part) => known.slice.get(part) ?? `{${part}}`,
  };
  const nearest = (names: readonly string[]) => nearestName(names, name);
  const names = writtenNames(dataset, values);
  const alike = nearest(names.filter((one) => sameKind(extname(one).toLowerCase(), ending)));
  const target = alike ?? nearest(names.filter((one) => one.endsWith('.xlsx'))) ?? nearest(names) ?? name;
  const open = [
    ...(known.period === null && dataset.periodKind !== 'none'
      ? [`the ${dataset.periodKind} of its rows for ${written}`]
      : []),
    ...dataset.sliceNames.filter((part) => !known.slice.has(part)).map((part) => `its ${part} for {${part}}`),
  ];
  const fill = open.length === 0 ? '.' : `, with ${open.join(' and ')}.`;
  if (alike === null) return `${otherKind(ending, target, names)}${fill}`;
  if (open.length === 0 && target.toLowerCase() !== name.toLowerCase() && taken(target))
    return besideTaken(dataset, target, known.version, values, nearest);
  return `Rename it to '${shownText(target)}'${fill}`;
}

function nearestName(names: readonly string[], name: string): string | null {
  const given = name.slice(0, 120).toLowerCase();
  const ranked = names.map((one) => ({ one, far: editDistance(given, one.toLowerCase()) }));
  ranked.sort((a, b) => a.far - b.far);
  return ranked[0]?.one ?? null;
}

function sameKind(one: string, two: string): boolean {
  return one === two || KINDS.some((kind) => kind.includes(one) && kind.includes(two));
}

/** How a file of a kind that the pattern does not allow becomes one that it allows. */
function otherKind(ending: string, target: string, names: readonly string[]): string {
  const to = extname(target).toLowerCase();
  const shown = `'${shownText(target)}'`;
  if (ARCHIVES.has(ending)) {
    const endings = [...new Set(names.map((one) => extname(one).toLowerCase()))];
    const bare = `'${shownText(target.slice(0, target.length - to.length))}'`;
    return endings.length > 1
      ? `Unpack it, and name the file inside ${bare} with its own ending (${endings.join(' or ')})`
      : `Unpack it, and name the file inside ${shown}`;
  }
  const kind = SAVE_AS[to] ?? `a ${to} file`;
  if (SPREADSHEETS.has(ending)) return `Open it, and save it as ${kind} under the name ${shown}`;
  return `Deliver its table as ${kind} under the name ${shown}`;
}

/** Renaming would replace another file. */
function besideTaken(
  dataset: Dataset,
  target: string,
  version: string | null,
  values: NamePartValues,
  nearest: (names: readonly string[]) => string | null,
): string {
  const shown = `'${shownText(target)}'`;
  const next = String(Number(version ?? '1') + 1);
  const newer = nearest(
    writtenNames(dataset, { ...values, version: next }).filter(
      (one) => extname(one) === extname(target) && one.includes(next) && one !== target,
    ),
  );
  return newer === null
    ? `A file ${shown} is there already: take one of the two away, and give the one that counts this name.`
    : `A file ${shown} is there already: if this one replaces it, rename it to '${shownText(newer)}'.`;
}
