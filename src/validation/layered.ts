import type { CellSql } from './cell-sql.ts';

/** A relation with all layers of all cells, each layer one projection over the one before. */
export function layered(relation: string, cells: readonly CellSql[]): string {
  const depth = Math.max(0, ...cells.map((cell) => cell.layers.length));
  let from = relation;
  for (let layer = 0; layer < depth; layer++) {
    const added = cells.flatMap((cell) => cell.layers[layer] ?? []);
    if (added.length > 0) from = `(SELECT *, ${added.join(',\n')} FROM ${from})`;
  }
  return from;
}
