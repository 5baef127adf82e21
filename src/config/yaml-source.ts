import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { ConfigProblem } from './problem.ts';

/** A YAML file with the position of every value. */
export interface YamlSource {
  readonly value: unknown;
  /** Syntax errors, and values that YAML reads as something other than what is written. */
  readonly problems: readonly (ConfigProblem & { readonly line?: number; readonly column?: number })[];
  /**
   * Line and column (1-based) of the value at a path, or of its key; those of the nearest parent where there is none.
   */
  position(
    path: readonly (string | number)[],
    atKey?: boolean,
  ): { readonly line: number; readonly column: number };
}

export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = [...document.errors, ...document.warnings].map((error) => ({
    path: [],
    message: error.message,
    ...at(error.pos[0]),
  }));
  const value = problems.length === 0 ? toValue(document) : null;
  visit(document, {
    Scalar(_, node) {
      const source = node.source;
      if (typeof node.value === 'number' && source !== undefined && /^[-+]?0\d/.test(source)) {
        const message = `${source} without quotes is read as the number ${node.value}; write "${source}"`;
        problems.push({ path: [], message, ...at(node.range?.[0] ?? 0) });
      }
    },
  });
  const root = document.contents as Node | null;
  return { value, problems, position: (path, atKey) => at(offsetOf(root, path, atKey ?? false)) };
}

function toValue(document: ReturnType<typeof parseDocument>): unknown {
  return document.toJS({ maxAliasCount: 100, mapAsMap: false });
}

function offsetOf(root: Node | null, path: readonly (string | number)[], atKey: boolean): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [i, part] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part));
      if (!pair) break;
      const isLast = i === path.length - 1;
      node = pair.value;
      const from = (isLast && atKey) || !node ? pair.key : pair.value;
      offset = (from as Node | null)?.range?.[0] ?? offset;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      if (!node) break;
      offset = (node as Node).range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
