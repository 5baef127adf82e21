import { dirname, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, read } from './repository.ts';

/** An import with the name in its statement, as text; an import of types alone leaves nothing at run time. */
const IMPORT =
  /^(?:import|export)\s+(type\s+)?(\{[^}]*\}|\*\s+as\s+\w+|\w+)?\s*(?:from\s*)?['"](\.[^'"\n]+)['"]/gm;

interface Edge {
  readonly to: string;
  readonly typesOnly: boolean;
}

const files = filesBelow('src', '.ts');
const edges = new Map<string, readonly Edge[]>(
  files.map((file) => [
    file,
    [...read(file).matchAll(IMPORT)].map(([, type, names = '', target = '']) => ({
      to: posix.join(posix.dirname(file), target),
      typesOnly: type !== undefined || onlyTypes(names),
    })),
  ]),
);

function onlyTypes(names: string): boolean {
  const inside = /^\{([^}]*)\}$/.exec(names)?.[1];
  const list = inside?.split(',').filter((name) => name.trim() !== '') ?? [];
  return list.length > 0 && list.every((name) => name.trim().startsWith('type '));
}

/** Groups of files each of which leads to all others of its group (Tarjan, 1972), larger than one file. */
function circles(follows: (edge: Edge) => boolean): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file) as number);
    stack.push(file);
    for (const { to } of (edges.get(file) ?? []).filter(follows)) {
      if (!index.has(to)) visit(to);
      if (stack.includes(to)) low.set(file, Math.min(low.get(file) as number, low.get(to) as number));
    }
    if (low.get(file) !== index.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1) found.push(group.sort());
  };
  for (const file of files) if (!index.has(file)) visit(file);
  return found;
}

describe('imports', () => {
  it('are read, with those of types told apart', () => {
    const all = [...edges.values()].flat();
    expect(all.length).toBeGreaterThan(1000);
    expect(all.filter(({ typesOnly }) => typesOnly).length).toBeGreaterThan(300);
    expect(all.filter(({ to }) => !edges.has(to))).toEqual([]);
  });

  it('form no circle, except of types', () => {
    expect(circles(({ typesOnly }) => !typesOnly)).toEqual([]);
  });

  it('form no circle between folders, not even of types', () => {
    const apart = circles(() => true).filter((group) => new Set(group.map((file) => dirname(file))).size > 1);
    expect(apart).toEqual([]);
  });
});
