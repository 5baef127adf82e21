import type { Dataset } from './dataset.ts';

/**
 * Sorts datasets so that each comes after those to which it refers; otherwise in the given order. Cycles keep their
 * order.
 */
export function inReferenceOrder(datasets: readonly Dataset[]): Dataset[] {
  const byName = new Map(datasets.map((dataset) => [dataset.name, dataset]));
  const out = new Set<Dataset>();
  const onTheWay = new Set<Dataset>();
  const visit = (dataset: Dataset): void => {
    if (out.has(dataset) || onTheWay.has(dataset)) return;
    onTheWay.add(dataset);
    for (const key of [...dataset.foreignKeys, ...dataset.core.references]) {
      const parent = byName.get(key.dataset);
      if (parent !== undefined) visit(parent);
    }
    out.add(dataset);
  };
  for (const dataset of datasets) visit(dataset);
  return [...out];
}
