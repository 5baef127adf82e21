import { stringify } from 'yaml';
import { counted } from '../../domain/count.ts';
import { columnLetters } from '../../domain/finding.ts';
import type { DatasetDraft } from './draft-dataset.ts';
import type { LeftOut } from './left-out.ts';

/**
 * The draft as lines of datasets_config.yml, with each doubt as a comment beside its line; `indent`: blanks per level.
 */
export function datasetYaml(draft: DatasetDraft, indent = 2): string {
  const lines: string[] = [];
  const put = (level: number, text: string) => lines.push(`${' '.repeat(indent * level)}${text}`);
  const putLeftOut = (place: number) => {
    for (const column of draft.leftOut)
      if (column.place === place) put(4, `# ${oneLine(leftOutText(column))}`);
  };
  put(
    1,
    `# Drafted from ${oneLine(draft.file)} (${counted(draft.rows, 'row')}). Look at what carries a comment, then run it.`,
  );
  for (const note of draft.notes) put(1, `# ${oneLine(note)}`);
  put(1, `${draft.name}:`);
  put(2, `title: ${flow(titleOf(draft.name))}`);
  put(2, `period: ${draft.periodKind}`);
  put(2, 'source:');
  put(3, `filename: ${quoted(draft.source.filename)}`);
  for (const [key, value] of sourceLines(draft)) {
    const note = draft.sourceNotes.get(key);
    put(3, `${key}: ${value}${note === undefined ? '' : ` # ${oneLine(note)}`}`);
  }
  if (draft.leftOut.length > 0)
    put(
      2,
      'headers: {extra: warning} # check: columns that are no fields pass with a warning, as those left out below',
    );
  put(2, 'schema:');
  put(3, 'fields:');
  for (const [i, { written, notes }] of draft.fields.entries()) {
    putLeftOut(i);
    const comment = notes.length === 0 ? '' : ` # ${oneLine(notes.join('; '))}`;
    put(4, `- ${flow(written)}${comment}`);
  }
  putLeftOut(draft.fields.length);
  if (draft.primaryKey.length > 0) {
    put(3, `primaryKey: ${flow(draft.primaryKey)} # please confirm: it repeats nowhere in this file`);
  } else {
    put(3, '# No column or pair of columns names a row; add primaryKey if you know one.');
  }
  if (draft.missingValues !== null && draft.missingValues.length > 0)
    put(3, `missingValues: ${flow(draft.missingValues)}`);
  if (draft.checks.length > 0)
    put(2, 'checks: # these only warn; without `severity: warning` they are errors');
  for (const { written, note } of draft.checks) put(3, `- ${flow(written)} # ${oneLine(note)}`);
  if (draft.periodKind === 'none' && draft.primaryKey.length === 0) {
    put(2, 'core:');
    put(3, 'strategy: replace_period # without a key a new delivery replaces the whole list');
  }
  return `${lines.join('\n')}\n`;
}

/** Why a column is not a field. */
export function leftOutText({ header, column, reason }: LeftOut): string {
  return `${header ?? `column ${columnLetters(column)}`}: left out, for ${reason}`;
}

function sourceLines({ source }: DatasetDraft): readonly (readonly [key: string, value: string])[] {
  const { sheet, headerRow, headerRows, footer, skip, merged, delimiter } = source;
  return [
    ...(sheet === null ? [] : [['sheet', flow(sheet)] as const]),
    ...(headerRow === null ? [] : [['header_row', String(headerRow)] as const]),
    ...(headerRows === null ? [] : [['header_rows', String(headerRows)] as const]),
    ...(footer === null ? [] : [['footer', quoted(footer)] as const]),
    ...(skip === null ? [] : [['skip', quoted(skip)] as const]),
    ...(merged === null ? [] : [['merged', merged] as const]),
    ...(delimiter === null ? [] : [['delimiter', quoted(delimiter === '\t' ? '\\t' : delimiter)] as const]),
  ];
}

/** In one line, quoted where YAML would read something else; `${` is escaped so that it is not taken for a variable. */
function flow(value: unknown): string {
  const text = stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 });
  return text.trimEnd().replace(/\$(?=\{)/g, '$$$$');
}

function quoted(text: string): string {
  const made = stringify(text, { defaultStringType: 'QUOTE_DOUBLE', lineWidth: 0 });
  return made.trimEnd().replace(/\$(?=\{)/g, '$$$$');
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

function titleOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
