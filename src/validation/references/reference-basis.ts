import type { ListSource, Reference } from './reference-lists.ts';

export interface ReferenceSource {
  readonly reference: Reference;
  readonly source: ListSource;
}

/**
 * Which deliveries of lists foreign keys are looked up in, as JSON text: the same text as long as none of them is replaced,
 * taken away or corrected, wherever their rows are; null where nothing outside of the delivery is asked.
 */
export function basisText(sources: readonly ReferenceSource[]): string | null {
  const lists = sources.map(({ reference, source }) => ({
    list: reference.list.name,
    ...told(reference, source),
  }));
  return lists.length === 0 ? null : JSON.stringify(lists);
}

function told({ listPeriod }: Reference, source: ListSource): object {
  if (source.from === 'core') return { promotion: source.promotionId };
  const period = listPeriod?.text ?? null;
  if (source.from === 'stage')
    return { period, loads: source.loads.map(({ parquetSha256 }) => parquetSha256) };
  const parts = source.parts.map(({ slice, validation, load }) => [
    ...(slice === '' ? [] : [slice]),
    validation.parquetSha256,
    ...(load?.correctionsFingerprint ? [load.correctionsFingerprint] : []),
  ]);
  return { period, parts };
}
