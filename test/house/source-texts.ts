import { parseAst } from 'rolldown/parseAst';
import { filesBelow, read } from './repository.ts';

/** A text of the program: a literal, or a template with `{…}` for what is filled in. */
export interface SourceText {
  readonly where: string;
  readonly text: string;
  /** The places of a template: the code that fills it, and the text behind it. */
  readonly places: readonly { readonly code: string; readonly behind: string }[];
}

export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

/** Statements for the engines, which nobody reads. */
const SQL =
  /^\W*(SELECT|CREATE|INSERT|DELETE|UPDATE|WITH|ALTER|CASE|COPY|FROM|JOIN|LEFT JOIN|WHERE)\b|\bIS (NOT )?(NULL|DISTINCT)\b/;

/** Every text of src that has more than one word. */
export function sourceTexts(): readonly SourceText[] {
  return filesBelow('src', '.ts').flatMap(textsOf);
}

/** A comment of the program, without its signs and on one line; comments below each other are one. */
export interface SourceComment {
  readonly where: string;
  readonly text: string;
}

/** Every comment of src. */
export function sourceComments(): readonly SourceComment[] {
  return filesBelow('src', '.ts').flatMap(commentsOf);
}

function commentsOf(path: string): SourceComment[] {
  const code = read(path);
  const bare = withoutTexts(code);
  const signs = /^\s*(\/\*+|\/\/|\*(?!\/))?|\*\/\s*$/gm;
  return [...bare.matchAll(/\/\*[\s\S]*?\*\/|(?:^[ \t]*\/\/.*\n?)+|\/\/.*/gm)].map(({ index, 0: found }) => ({
    where: `${path}:${code.slice(0, index).split('\n').length}`,
    text: code
      .slice(index, index + found.length)
      .replace(signs, '')
      .replace(/\s+/g, ' ')
      .trim(),
  }));
}

/** The code with blanks in place of its texts, in which `//` begins no comment. */
function withoutTexts(code: string): string {
  let bare = code;
  walk(parseAst(code, { lang: 'ts' }) as unknown as Node, ({ type, start, end }) => {
    if (type !== 'Literal' && type !== 'TemplateElement') return;
    bare = bare.slice(0, start) + code.slice(start, end).replace(/[^\n]/g, ' ') + bare.slice(end);
  });
  return bare;
}

function textsOf(path: string): SourceText[] {
  const code = read(path);
  const found: SourceText[] = [];
  const add = (node: Node, text: string, places: SourceText['places']) => {
    if (!/\S\s+\S/.test(text) || SQL.test(text)) return;
    found.push({ where: `${path}:${code.slice(0, node.start).split('\n').length}`, text, places });
  };
  walk(parseAst(code, { lang: 'ts' }) as unknown as Node, (node) => {
    if (node.type === 'Literal' && typeof node.value === 'string') add(node, node.value, []);
    if (node.type !== 'TemplateLiteral') return;
    const pieces = (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
    const places = (node.expressions as Node[]).map(({ start, end }, i) => ({
      code: code.slice(start, end),
      behind: pieces[i + 1] as string,
    }));
    add(node, pieces.join('{…}'), places);
  });
  return found;
}

export function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) for (const one of node) walk(one, visit);
  if (node === null || typeof node !== 'object' || Array.isArray(node)) return;
  if ('type' in node) visit(node as Node);
  for (const member of Object.values(node)) walk(member, visit);
}
