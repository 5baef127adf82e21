import type { Lists } from './lists.ts';
import {
  type ListSource,
  type Reference,
  type Referring,
  referencesOf,
  sourceOf,
} from './reference-lists.ts';
import { neverDelivered, refuseUnsettled } from './unsettled.ts';

export interface ReferenceSource {
  readonly reference: Reference;
  readonly source: ListSource;
}

/**
 * The deliveries of lists in which foreign keys are looked up, as JSON text. The text stays the same as long as none of
 * them is replaced, withdrawn or corrected, wherever their rows are. Null where only the delivery itself is read.
 */
export function basisText(sources: readonly ReferenceSource[]): string | null {
  const lists = sources.map(({ reference, source }) => ({
    list: reference.list.name,
    ...told(reference, source),
  }));
  return lists.length === 0 ? null : JSON.stringify(lists);
}

/**
 * The text that a validation made now would log. Throws where it would have to wait for a list, or where the newest
 * delivery of a list is refused.
 */
export async function presentBasis(lists: Lists, referring: Referring): Promise<string | null> {
  const references = referencesOf(lists.config, referring);
  await refuseUnsettled(lists, references);
  const sources: ReferenceSource[] = [];
  for (const reference of references) {
    const source = await sourceOf(lists, reference);
    if (source === null) throw neverDelivered(reference);
    sources.push({ reference, source });
  }
  return basisText(sources);
}

function told({ listPeriod }: Reference, source: ListSource): object {
  if (source.from === 'core') return { promotion: source.promotionId };
  const period = listPeriod?.text ?? null;
  if (source.from === 'stage')
    return { period, loads: source.loads.map(({ parquetSha256 }) => parquetSha256) };
  const parts = source.parts.map(({ slice, delivery, correctionsFingerprint }) => [
    ...(slice === '' ? [] : [slice]),
    delivery.parquetSha256,
    ...(correctionsFingerprint === null ? [] : [correctionsFingerprint]),
  ]);
  return { period, parts };
}
