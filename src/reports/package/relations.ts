import { type Relationship, readRelationships } from '../../readers/xlsx/relationships.ts';
import type { WorkbookPackage } from './workbook-package.ts';
import { insertionInRoot, withInsertions, xmlTags } from './xml-tags.ts';
import { xmlAttribute } from './xml-text.ts';

const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TRANSITIONAL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const STRICT = 'http://purl.oclc.org/ooxml/officeDocument/relationships';

/** The namespace of relationships that a document uses. */
export function relationshipsNamespace(strict: boolean): string {
  return strict ? STRICT : TRANSITIONAL;
}

export async function relationsOf(book: WorkbookPackage, part: string): Promise<readonly Relationship[]> {
  return readRelationships(book.zip, part);
}

/** Adds a relation from one part (`''`: the package) to another, whose name starts at the root; returns its id. */
export async function addRelation(
  book: WorkbookPackage,
  part: string,
  type: string,
  target: string,
): Promise<string> {
  const slash = part.lastIndexOf('/');
  const name = `${part.slice(0, slash + 1)}_rels/${part.slice(slash + 1)}.rels`;
  const text =
    (await book.text(name)) ??
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="${PACKAGE}/relationships"></Relationships>`;
  const tags = xmlTags(text);
  let id = '';
  for (let n = 1; id === ''; n++) {
    if (!text.includes(`"rIdTidemark${n}"`)) id = `rIdTidemark${n}`;
  }
  const prefix = tags[0]?.name.replace(/Relationships$/, '') ?? '';
  const added = `<${prefix}Relationship Id="${id}" Type="${type}" Target="/${xmlAttribute(target)}"/>`;
  book.set(name, withInsertions(text, [insertionInRoot(text, tags, added)]));
  return id;
}

const TYPES = '[Content_Types].xml';

/** Declares the content type of a part: for its name, or for its file ending where none is declared yet. */
export async function addContentType(
  book: WorkbookPackage,
  of: { readonly part: string } | { readonly ending: string },
  type: string,
): Promise<void> {
  const text = await book.text(TYPES);
  if (text === null) throw new Error('the workbook lacks its list of content types');
  const tags = xmlTags(text);
  const prefix = tags[0]?.name.replace(/Types$/, '') ?? '';
  if ('ending' in of && new RegExp(`Extension\\s*=\\s*["']${of.ending}["']`, 'i').test(text)) return;
  if ('part' in of && text.toLowerCase().includes(`partname="/${xmlAttribute(of.part).toLowerCase()}"`))
    return;
  if ('part' in of) {
    const added = `<${prefix}Override PartName="/${xmlAttribute(of.part)}" ContentType="${type}"/>`;
    book.set(TYPES, withInsertions(text, [insertionInRoot(text, tags, added)]));
    return;
  }
  const root = tags[0];
  const added = `<${prefix}Default Extension="${of.ending}" ContentType="${type}"/>`;
  const where =
    root === undefined || root.kind === 'empty'
      ? insertionInRoot(text, tags, added)
      : { at: root.end, text: added };
  book.set(TYPES, withInsertions(text, [where]));
}
