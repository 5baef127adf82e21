import { a1 } from '../../domain/finding.ts';
import {
  attributeOf,
  closeOf,
  insertionAtEnd,
  insertionInRoot,
  prefixOf,
  withInsertions,
  type XmlInsertion,
  type XmlTag,
  xmlTags,
} from '../package/xml-tags.ts';
import { shortened, xmlText } from '../package/xml-text.ts';
import { type Annotation, NAME } from './annotation.ts';

const LONGEST = 1000;

export const EMPTY_COMMENTS = (namespace: string): string =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="${namespace}"><authors></authors><commentList></commentList></comments>`;

export interface MergedComments {
  readonly text: string;
  /** Cells that had no comment: they need a shape that shows it. */
  readonly added: readonly Annotation[];
}

/**
 * Adds comments to those of the sheet. A cell that has a comment keeps it, with the new text below; a threaded comment
 * is not changed, because its text is in another part.
 */
export function mergeComments(text: string, annotations: readonly Annotation[]): MergedComments {
  const tags = xmlTags(text);
  const p = prefixOf(tags[0]?.name ?? '');
  const old = oldComments(text, tags);
  const authors = tags.find((tag) => tag.depth === 1 && tag.local === 'authors' && tag.kind !== 'close');
  const list = tags.find((tag) => tag.depth === 1 && tag.local === 'commentList' && tag.kind !== 'close');
  const names = tags.filter((tag) => tag.depth === 2 && tag.local === 'author' && tag.kind !== 'close');
  const added = annotations.filter((one) => !old.has(a1(one.column, one.row)));
  const insertions: XmlInsertion[] = [];
  for (const one of annotations) {
    const comment = old.get(a1(one.column, one.row));
    if (comment !== undefined) insertions.push(...appended(text, tags, comment, one.text, names));
  }
  const author = `<${p}author>${NAME}</${p}author>`;
  const comments = added.map(
    (one) =>
      `<${p}comment ref="${a1(one.column, one.row)}" authorId="${names.length}"><${p}text>${run(p, one.text)}</${p}text></${p}comment>`,
  );
  insertions.push(
    authors === undefined
      ? { at: tags[0]?.end ?? 0, text: `<${p}authors>${author}</${p}authors>` }
      : insertionAtEnd(text, tags, authors, author),
    list === undefined
      ? insertionInRoot(text, tags, `<${p}commentList>${comments.join('')}</${p}commentList>`)
      : insertionAtEnd(text, tags, list, comments.join('')),
  );
  return { text: withInsertions(text, insertions), added };
}

function oldComments(text: string, tags: readonly XmlTag[]): Map<string, XmlTag> {
  const found = tags.filter((tag) => tag.depth === 2 && tag.local === 'comment' && tag.kind !== 'close');
  return new Map(
    found.map((tag) => [
      (attributeOf(text.slice(tag.start, tag.end), 'ref') ?? '').replaceAll('$', '').toUpperCase(),
      tag,
    ]),
  );
}

/** The new text goes below the old one. Plain text becomes a run, so that more runs may follow. */
function appended(
  text: string,
  tags: readonly XmlTag[],
  comment: XmlTag,
  said: string,
  names: readonly XmlTag[],
): XmlInsertion[] {
  const author = names[Number(attributeOf(text.slice(comment.start, comment.end), 'authorId') ?? -1)];
  if (author !== undefined && text.startsWith('tc=', author.end)) return [];
  const end = closeOf(tags, comment).start;
  const inside = tags.filter((tag) => tag.start > comment.start && tag.start < end);
  const body = inside.find((tag) => tag.local === 'text' && tag.depth === 3 && tag.kind === 'open');
  if (body === undefined) return [];
  const p = prefixOf(body.name);
  const plain = inside.find((tag) => tag.local === 't' && tag.depth === 4 && tag.kind === 'open');
  // Runs come before the elements for pronunciation.
  const after = inside.find(
    (tag) => tag.depth === 4 && tag.kind !== 'close' && /^(rPh|phoneticPr)$/.test(tag.local),
  );
  const at = after?.start ?? closeOf(tags, body).start;
  const more = { at, text: run(p, `\n\n${NAME}: ${said}`) };
  if (plain === undefined) return [more];
  return [{ at: plain.start, text: `<${p}r>` }, { at: closeOf(tags, plain).end, text: `</${p}r>` }, more];
}

function run(prefix: string, text: string): string {
  const words = xmlText(shortened(text, LONGEST));
  return `<${prefix}r><${prefix}t xml:space="preserve">${words}</${prefix}t></${prefix}r>`;
}
