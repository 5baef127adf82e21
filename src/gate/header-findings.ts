import type { Dataset } from '../domain/dataset.ts';
import { a1, columnLetters, type Finding, type Severity } from '../domain/finding.ts';
import { shownText } from '../domain/shown-text.ts';
import type { RawRow, Source } from '../readers/reader.ts';
import type { Column } from './label.ts';
import { type HeaderMatch, type ProbableRename, probableRenames } from './match-header.ts';

/** Where a header row is, for addresses and sentences. */
export interface HeaderPlace {
  readonly dataset: Dataset;
  readonly file: string;
  readonly sheet: string | null;
  readonly format: Source['format'];
  /** The rows after the header that the gate has read, without the footer. */
  readonly sample: readonly RawRow[];
}

/** Every problem of a header row, each with its cell. */
export function headerFindings(place: HeaderPlace, match: HeaderMatch): readonly Finding[] {
  const extra = extraLabels(match);
  const renames = probableRenames(
    extra.map(({ label }) => label),
    match.missing,
  );
  return [
    ...match.missing.map((column) => missingLabel(place, match, column, renames)),
    ...(place.dataset.headers.extra === 'ignore'
      ? []
      : extra.map(({ label, column }) => extraLabel(place, match, label, column, renames))),
    ...duplicateLabels(place, match),
    ...blankLabels(place, match),
    ...unitLabels(place, match),
    ...orderFindings(place, match),
  ];
}

function extraLabels(match: HeaderMatch): { label: string; column: number }[] {
  return match.labels.flatMap(({ label, column }, i) =>
    column === null && label.trim() !== '' ? [{ label, column: i }] : [],
  );
}

function finding(
  place: HeaderPlace,
  match: HeaderMatch,
  column: number | null,
  about: Pick<Finding, 'code' | 'message' | 'fix'> & {
    field?: string | null;
    value?: string;
    severity?: Severity;
  },
): Finding {
  const row = (column === null ? null : match.labels[column]?.row) ?? match.block.row;
  const text = place.format === 'text' ? `${row}:${(column ?? 0) + 1}` : null;
  return {
    code: about.code,
    severity: about.severity ?? 'error',
    dataset: place.dataset.name,
    file: place.file,
    sheet: place.sheet,
    cell: column === null ? null : place.format === 'xlsx' ? a1(column, row) : text,
    row: row > 0 ? row : null,
    field: about.field ?? null,
    value: about.value ?? null,
    message: about.message,
    fix: about.fix,
  };
}

function missingLabel(
  place: HeaderPlace,
  match: HeaderMatch,
  column: Column,
  renames: readonly ProbableRename[],
): Finding {
  const rename = renames.find(({ to }) => to.name === column.name);
  return finding(place, match, null, {
    code: 'missing-label',
    field: column.name,
    message: `The column '${column.shown}' is missing.`,
    fix: rename
      ? `Rename the header '${shownText(rename.from)}' to '${column.shown}'.`
      : `Add a column with the header '${column.shown}'.`,
  });
}

function extraLabel(
  place: HeaderPlace,
  match: HeaderMatch,
  label: string,
  column: number,
  renames: readonly ProbableRename[],
): Finding {
  const rename = renames.find(({ from }) => from === label);
  const meant = rename ? ` Did you mean '${rename.to.shown}'?` : '';
  return finding(place, match, column, {
    code: 'extra-label',
    severity: place.dataset.headers.extra === 'warning' ? 'warning' : 'error',
    value: label,
    message: `The column '${shownText(label)}' is not expected.${meant}`,
    fix: rename
      ? `Rename it to '${rename.to.shown}', or ask ${ownerOf(place)} to take it as another name of that column.`
      : 'Take the column out, or have it added to the dataset.',
  });
}

function ownerOf({ dataset }: HeaderPlace): string {
  return dataset.owner ?? 'the owner of the rules';
}

function duplicateLabels(place: HeaderPlace, match: HeaderMatch): Finding[] {
  const first = new Map<string, number>();
  return match.labels.flatMap(({ label, column }, i) => {
    if (column === null) return [];
    const before = first.get(column.name);
    if (before === undefined) {
      first.set(column.name, i);
      return [];
    }
    return [
      finding(place, match, i, {
        code: 'duplicate-label',
        field: column.name,
        value: label,
        message: `The column '${column.shown}' is there twice: ${columnName(place, before)} and ${columnName(place, i)}.`,
        fix: 'Keep one of the two columns.',
      }),
    ];
  });
}

const UNNAMED = { error: 'error', warning: 'warning', ignore: 'info' } as const;

/**
 * A column with data and no header would be lost silently. Within the table it passes where unexpected columns pass; to
 * the right of the table its values are cells too many, which only `ignore` lets pass.
 */
function blankLabels(place: HeaderPlace, match: HeaderMatch): Finding[] {
  const { extra } = place.dataset.headers;
  const width = Math.max(match.labels.length, ...place.sample.map((row) => row.cells.length));
  const findings: Finding[] = [];
  const named = match.labels.findLastIndex(({ label }) => label.trim() !== '') + 1;
  const read = place.format === 'xlsx' ? named : match.labels.length;
  for (let i = 0; i < width; i++) {
    if ((match.labels[i]?.label ?? '').trim() !== '') continue;
    const row = place.sample.find(({ cells }) => (cells[i]?.text ?? '').trim() !== '');
    if (!row || (i >= match.labels.length && place.format !== 'xlsx')) continue;
    findings.push(
      finding(place, match, i, {
        code: 'blank-label',
        severity: i < read || extra === 'ignore' ? UNNAMED[extra] : 'error',
        message: `${columnName(place, i, true)} has no header, but row ${row.row} has a value in it.`,
        fix: 'Give the column its header, or empty it.',
      }),
    );
  }
  return findings;
}

/** Found without its unit: nothing says that the unit is the right one. */
function unitLabels(place: HeaderPlace, match: HeaderMatch): Finding[] {
  return match.labels.flatMap(({ label, column, unit }, i) =>
    column === null || unit === null
      ? []
      : [
          finding(place, match, i, {
            code: 'unit-label',
            severity: 'info',
            field: column.name,
            value: label,
            message: `The header '${shownText(label)}' is taken for '${column.shown}'; its unit is not checked.`,
            fix: `If '${shownText(unit)}' is the right unit, have the header added to the aliases.`,
          }),
        ],
  );
}

function orderFindings(place: HeaderPlace, match: HeaderMatch): Finding[] {
  if (place.dataset.headers.order !== 'same' || match.missing.length > 0) return [];
  const wanted = place.dataset.fields.map((field) => field.name);
  const found = match.labels.flatMap(({ column }, i) =>
    column?.field ? [{ name: column.name, shown: column.shown, i }] : [],
  );
  const present = new Set(found.map(({ name }) => name));
  const order = wanted.filter((name) => present.has(name));
  const at = found.findIndex(({ name }, i) => name !== order[i]);
  const wrong = found[at];
  if (wrong === undefined || order[at] === undefined) return [];
  const shown = place.dataset.fields.find((field) => field.name === order[at]);
  return [
    finding(place, match, wrong.i, {
      code: 'incorrect-label',
      field: wrong.name,
      value: match.labels[wrong.i]?.label ?? '',
      message: `The columns are not in the agreed order: '${wrong.shown}' is where '${shown?.title ?? order[at]}' belongs.`,
      fix: `Put the columns in this order: ${order.map((name) => `'${name}'`).join(', ')}.`,
    }),
  ];
}

function columnName(place: HeaderPlace, column: number, first = false): string {
  const word = first ? 'Column' : 'column';
  return place.format === 'xlsx' ? `${word} ${columnLetters(column)}` : `${word} ${column + 1}`;
}

/** One message that lists what is missing, unexpected and probably renamed. */
export function headerMessage(place: HeaderPlace, match: HeaderMatch, findings: readonly Finding[]): string {
  const of = (code: string) => findings.filter((one) => one.code === code && one.severity === 'error');
  const list = (texts: readonly string[]) => {
    const shown = texts.slice(0, 10).map((text) => `'${shownText(text)}'`);
    return shown.join(', ') + (texts.length > 10 ? ` and ${texts.length - 10} more` : '');
  };
  const renames = probableRenames(
    extraLabels(match).map(({ label }) => label),
    match.missing,
  );
  const parts = [
    ['missing', list(match.missing.map((column) => column.shown))],
    ['not expected', list(of('extra-label').map((one) => one.value ?? ''))],
    ['there twice', list([...new Set(of('duplicate-label').map((one) => one.field ?? ''))])],
    [
      'probably renamed',
      renames.map(({ from, to }) => `'${shownText(from)}' should be '${to.shown}'`).join(', '),
    ],
  ].flatMap(([what, which]) => (which === '' ? [] : [`${what}: ${which}`]));
  const others = findings.filter(
    ({ code, severity }) => severity === 'error' && ['blank-label', 'incorrect-label'].includes(code),
  );
  const { firstRow, row } = match.block;
  const rows = firstRow === row ? `row ${row}` : `rows ${firstRow} to ${row}`;
  const sheet = place.sheet === null ? '' : ` of sheet '${shownText(place.sheet)}'`;
  const where = row > 0 ? ` (${rows}${sheet})` : '';
  const headers = parts.length === 0 ? [] : [`The headers${where} do not fit. ${parts.join('; ')}.`];
  return [...headers, ...others.map((one) => one.message)].map((text) => capitalised(text)).join(' ');
}

function capitalised(text: string): string {
  return text.replace(/do not fit\. (\w)/, (_, letter: string) => `do not fit. ${letter.toUpperCase()}`);
}
