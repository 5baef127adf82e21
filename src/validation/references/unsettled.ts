import { sliceFlags } from '../../domain/slice.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { Reference } from './reference-lists.ts';

/** The command that takes a list's period through all steps. */
function runList({ list, listPeriod, period, part }: Reference): string {
  const of = list.periodKind === 'none' || listPeriod === null ? period : listPeriod;
  return `tidemark run --period ${of.text} --dataset ${list.name}${sliceFlags([...part])}`;
}

/** Nothing of the list, or of the part that the key is about, was ever delivered: no row is to blame. */
export function neverDelivered(reference: Reference): TidemarkError {
  const { dataset, period, list, part } = reference;
  const of = part.size === 0 ? '' : ` (${[...part].map(([name, value]) => `${name}=${value}`).join(' ')})`;
  return new TidemarkError('reference-not-loaded', {
    message: `${dataset.title} refers to the list '${list.name}'${of}, which was never delivered. No row is to blame.`,
    hint: `Deliver '${list.name}' first (${runList(reference)}), then run the same command again.`,
    where: { dataset: dataset.name, period: period.text },
  });
}
