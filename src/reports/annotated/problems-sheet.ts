import { columnLetters } from '../../domain/finding.ts';
import { HEADINGS } from '../../domain/reply-marks.ts';
import { rowHeight } from '../package/row-height.ts';
import { shortened, xmlAttribute, xmlText } from '../package/xml-text.ts';
import type { Problem } from '../problem-list.ts';

const { cell, row: rowHeading, field, value, message, fix, suggestion } = HEADINGS;
const SHOWN = [cell, rowHeading, field, value, message, fix, suggestion];
const WIDTHS = [10, 8, 22, 28, 50, 50, 22];
const LONGEST = 2000;

export interface ProblemsSheet {
  readonly namespace: string;
  /** The sheet that the cells are of. */
  readonly sheet: string;
  readonly problems: readonly Problem[];
  readonly headline: string;
  readonly styles: { readonly heading: number; readonly wrapped: number };
}

/** A sheet that lists the problems, each with a link to its cell. Its texts are inline, not in the shared strings. */
export function renderProblemsSheet({ namespace, sheet, problems, headline, styles }: ProblemsSheet): string {
  const rows = [
    row(1, [headline], styles.heading),
    row(2, SHOWN, styles.heading),
    ...problems.map((one, i) => row(i + 3, cellsOf(one), styles.wrapped)),
  ];
  const place = `'${sheet.replaceAll("'", "''")}'`;
  const links = problems.flatMap((one, i) =>
    one.cell === null
      ? []
      : `<hyperlink ref="A${i + 3}" location="${xmlAttribute(`${place}!${one.cell}`)}" display="${one.cell}"/>`,
  );
  const columns = WIDTHS.map(
    (width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`,
  );
  const last = columnLetters(SHOWN.length - 1);
  return [
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="${namespace}">`,
    // Printed in landscape format, fitted to the width of the page.
    '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
    `<sheetViews><sheetView workbookViewId="0"><pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`,
    `<cols>${columns.join('')}</cols><sheetData>${rows.join('')}</sheetData>`,
    problems.length === 0 ? '' : `<autoFilter ref="A2:${last}${problems.length + 2}"/>`,
    links.length === 0 ? '' : `<hyperlinks>${links.join('')}</hyperlinks>`,
    '<pageSetup orientation="landscape" fitToHeight="0"/>',
    '</worksheet>',
  ].join('');
}

function cellsOf(one: Problem): (string | null)[] {
  return [
    one.cell,
    one.row === null ? null : String(one.row),
    one.label ?? one.field,
    one.value,
    one.message,
    one.fix,
    one.suggestion,
  ];
}

function row(number: number, cells: readonly (string | null)[], style: number): string {
  const written = cells.map((text, i) => {
    if (text === null || text === '') return '';
    const words = xmlText(shortened(text, LONGEST));
    return `<c r="${columnLetters(i)}${number}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${words}</t></is></c>`;
  });
  const height = number < 3 ? '' : ` ht="${rowHeight(cells, WIDTHS)}" customHeight="1"`;
  return `<row r="${number}"${height}>${written.join('')}</row>`;
}
