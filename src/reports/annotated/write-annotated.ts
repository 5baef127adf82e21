import type { Limits } from '../../domain/limits.ts';
import { FILE_MODE } from '../../lake/atomic-write.ts';
import { utf8Chunks } from '../../readers/xlsx/part-text.ts';
import { readWorkbook, type Workbook } from '../../readers/xlsx/workbook.ts';
import { addContentType, addRelation, relationshipsNamespace, relationsOf } from '../package/relations.ts';
import { declaredUtf8, WorkbookPackage } from '../package/workbook-package.ts';
import { attributeOf, insertionAtEnd, prefixOf, withInsertions, xmlTags } from '../package/xml-tags.ts';
import { xmlAttribute } from '../package/xml-text.ts';
import type { Problem } from '../problem-list.ts';
import type { Annotation } from './annotation.ts';
import { usedBlocks, withShapes } from './comment-shapes.ts';
import { EMPTY_COMMENTS, mergeComments } from './comments-part.ts';
import { renderProblemsSheet } from './problems-sheet.ts';
import { SheetPatcher } from './sheet-patcher.ts';
import { EMPTY_STYLES, TouchedStyles } from './touched-styles.ts';

/** Limit on cells that are coloured and commented; a workbook with more comments takes minutes to open. */
const MAX_ANNOTATED = 10_000;
/** A larger sheet (about five million cells) is not copied, because that takes too many seconds. */
const MAX_SHEET_BYTES = 256 * 1024 ** 2;

const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

export interface AnnotatedInput {
  /** The analyst's workbook; only read. */
  readonly source: string;
  readonly sheet: string;
  readonly problems: readonly Problem[];
  /** Above the list of problems: how many of all problems it shows. */
  readonly headline: string;
  readonly limits: Limits;
}

/** What the parts of one workbook have in common while they are patched. */
interface Desk {
  readonly book: WorkbookPackage;
  readonly main: string;
  readonly workbook: Workbook;
  readonly sheetPart: string;
  readonly relations: string;
  readonly namespace: string;
  readonly styles: TouchedStyles;
}

/**
 * The analyst's own workbook with the wrong cells coloured and commented, and with a sheet of problems. Only the styles
 * of those cells, the comments and that sheet differ: all other parts are copied in their packed form. The target must
 * not exist yet. Throws where the workbook cannot be patched.
 */
export async function writeAnnotated(target: string, input: AnnotatedInput): Promise<void> {
  const book = await WorkbookPackage.open(input.source, input.limits);
  try {
    const desk = await openDesk(book, input.sheet);
    const annotations = annotationsOf(input.problems);
    const drawing = await legacyDrawingId(desk);
    const patcher = new SheetPatcher({
      touched: byRow(annotations),
      restyle: (style, severity) => desk.styles.filled(style, severity),
      legacyDrawing: (prefix) => `<${prefix}legacyDrawing xmlns:r="${desk.relations}" r:id="${drawing.id}"/>`,
    });
    const sheet = () => patcher.run(asUtf8(book, desk.sheetPart));
    const entry = book.zip.names().find((name) => name.toLowerCase() === desk.sheetPart.toLowerCase());
    const streams = annotations.length === 0 ? new Map() : new Map([[entry ?? desk.sheetPart, sheet]]);
    await book.write(target, FILE_MODE, streams, async () => {
      if (patcher.done.length > 0) await addComments(desk, patcher, drawing);
      await addProblemsSheet(desk, input);
      await putStyles(desk);
    });
  } finally {
    await book.close();
  }
}

async function openDesk(book: WorkbookPackage, sheetName: string): Promise<Desk> {
  const workbook = await readWorkbook(book.zip);
  const sheet = workbook.sheets.find(({ name }) => name === sheetName);
  const part = sheet?.part ?? null;
  if (part === null) throw new Error(`the workbook has no sheet ${sheetName}`);
  if (book.sizeOf(part) > MAX_SHEET_BYTES) throw new RangeError('the sheet is too large to be copied');
  const main = (await relationsOf(book, '')).find(({ type }) => type === 'officeDocument')?.target ?? '';
  const text = (await book.text(main)) ?? '';
  const root = xmlTags(text)[0];
  const strict = text.slice(root?.start, root?.end).includes('purl.oclc.org/ooxml/spreadsheetml');
  const namespace = strict
    ? 'http://purl.oclc.org/ooxml/spreadsheetml/main'
    : 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const styles = workbook.stylesPart === null ? null : await book.text(workbook.stylesPart);
  return {
    book,
    main,
    workbook,
    sheetPart: part,
    relations: relationshipsNamespace(strict),
    namespace,
    styles: new TouchedStyles(styles ?? EMPTY_STYLES(namespace)),
  };
}

/** One annotation per cell: the worst severity, and every message with its cure. */
function annotationsOf(problems: readonly Problem[]): Annotation[] {
  const cells = new Map<string, { column: number; row: number; said: Problem[] }>();
  for (const one of problems) {
    if (one.row === null || one.column === null) continue;
    const key = `${one.row}:${one.column}`;
    const cell = cells.get(key);
    if (cell !== undefined) cell.said.push(one);
    else if (cells.size < MAX_ANNOTATED) cells.set(key, { column: one.column, row: one.row, said: [one] });
  }
  return [...cells.values()].map(({ column, row, said }) => ({
    column,
    row,
    severity: said.some(({ severity }) => severity === 'error') ? 'error' : 'warning',
    text: said
      .map(({ message, fix, suggestion }) =>
        [message, suggestion === null ? null : `Did you mean '${suggestion}'?`, fix]
          .filter((part) => part !== null)
          .join('\n'),
      )
      .join('\n\n'),
  }));
}

function byRow(annotations: readonly Annotation[]): Map<number, Annotation[]> {
  const rows = new Map<number, Annotation[]>();
  for (const one of [...annotations].sort((a, b) => a.row - b.row || a.column - b.column)) {
    rows.set(one.row, [...(rows.get(one.row) ?? []), one]);
  }
  return rows;
}

async function* asUtf8(book: WorkbookPackage, part: string): AsyncGenerator<Buffer, void> {
  let first = true;
  for await (const chunk of utf8Chunks(book.zip.stream(part), part)) {
    const head = first ? chunk.toString('latin1', 0, 256) : '';
    const declared = declaredUtf8(head);
    if (declared === head) yield chunk;
    else yield Buffer.concat([Buffer.from(declared, 'latin1'), chunk.subarray(256)]);
    first = false;
  }
}

interface Drawing {
  /**
   * Ids of the relation from the sheet to the shapes, and of their part; both new unless the sheet already has them.
   */
  readonly id: string;
  readonly part: string;
}

/** An id for the shapes' relation, chosen before the sheet is streamed, because the sheet has to name it. */
async function legacyDrawingId({ book, sheetPart }: Desk): Promise<Drawing> {
  const ids = new Set((await relationsOf(book, sheetPart)).map(({ id }) => id));
  let n = 1;
  while (ids.has(`rIdTidemark${n}`)) n++;
  return { id: `rIdTidemark${n}`, part: book.freeName('xl/drawings/tidemark%.vml') };
}

async function addComments(desk: Desk, patcher: SheetPatcher, drawing: Drawing): Promise<void> {
  const { book, sheetPart, relations, namespace } = desk;
  const related = await relationsOf(book, sheetPart);
  const shapes = related.find(
    ({ id, type }) => id === patcher.oldLegacyDrawing && type === 'vmlDrawing',
  )?.target;
  if (patcher.oldLegacyDrawing !== null && shapes === undefined) {
    throw new Error('the shapes that the sheet names are not there');
  }
  // Before the other relations, so that it gets the id that was given to the sheet.
  if (shapes === undefined) {
    const id = await addRelation(book, sheetPart, `${relations}/vmlDrawing`, drawing.part);
    if (id !== drawing.id) throw new Error('the shapes got another id than the sheet names');
    await addContentType(book, { ending: 'vml' }, 'application/vnd.openxmlformats-officedocument.vmlDrawing');
  }
  const old = related.find(({ type }) => type === 'comments')?.target;
  const part = old ?? book.freeName('xl/tidemarkComments%.xml');
  const text = old === undefined ? null : await book.text(old);
  const merged = mergeComments(text ?? EMPTY_COMMENTS(namespace), patcher.done);
  book.set(part, merged.text);
  if (old === undefined) await addRelation(book, sheetPart, `${relations}/comments`, part);
  if (text === null) await addContentType(book, { part }, `${TYPE}.comments+xml`);
  const used: number[] = [];
  for (const name of book.names().filter((each) => /\.vml$/i.test(each))) {
    used.push(...usedBlocks((await book.text(name)) ?? ''));
  }
  const drawn = shapes === undefined ? null : await book.text(shapes);
  book.set(shapes ?? drawing.part, withShapes(drawn, merged.added, used));
}

async function addProblemsSheet(desk: Desk, input: AnnotatedInput): Promise<void> {
  const { book, main, workbook, relations, namespace, styles } = desk;
  const part = book.freeName('xl/worksheets/tidemarkProblems%.xml');
  book.set(
    part,
    renderProblemsSheet({
      namespace,
      sheet: input.sheet,
      problems: input.problems,
      headline: input.headline,
      styles: { heading: styles.heading, wrapped: styles.wrapped },
    }),
  );
  await addContentType(book, { part }, `${TYPE}.worksheet+xml`);
  const id = await addRelation(book, main, `${relations}/worksheet`, part);
  const text = (await book.text(main)) ?? '';
  const tags = xmlTags(text);
  const sheets = tags.find((tag) => tag.depth === 1 && tag.local === 'sheets' && tag.kind === 'open');
  if (sheets === undefined) throw new Error('the workbook has no list of sheets');
  const listed = tags.filter((tag) => tag.depth === 2 && tag.local === 'sheet' && tag.kind !== 'close');
  const written = listed.map((tag) => text.slice(tag.start, tag.end));
  const number = Math.max(0, ...written.map((tag) => Number(attributeOf(tag, 'sheetId')) || 0)) + 1;
  const taken = new Set([
    ...workbook.sheets.map(({ name }) => name.toLowerCase()),
    ...written.map((tag) => (attributeOf(tag, 'name') ?? '').toLowerCase()),
  ]);
  let name = 'Problems';
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `Problems (${n})`;
  const added = `<${prefixOf(sheets.name)}sheet xmlns:r="${relations}" name="${xmlAttribute(name)}" sheetId="${number}" r:id="${id}"/>`;
  book.set(main, withInsertions(text, [insertionAtEnd(text, tags, sheets, added)]));
}

async function putStyles({ book, main, workbook, relations, styles }: Desk): Promise<void> {
  const old = workbook.stylesPart;
  const there = old !== null && book.has(old);
  const part = old ?? book.freeName('xl/tidemarkStyles%.xml');
  book.set(part, styles.render());
  if (old === null) await addRelation(book, main, `${relations}/styles`, part);
  if (!there) await addContentType(book, { part }, `${TYPE}.styles+xml`);
}
