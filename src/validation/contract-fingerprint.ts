import { createHash } from 'node:crypto';
import { type Dataset, fileSource, isRecordsDataset } from '../domain/dataset.ts';

/**
 * The rules by which a delivery is judged, as one hash: only source, headers, schema, checks and accept. A change of a
 * title or of a rule for core does not make a validation out of date.
 */
export function contractFingerprint(dataset: Dataset): string {
  const contract = {
    period: dataset.periodKind,
    source: sourceRules(dataset),
    headers: dataset.headers,
    schema: {
      fields: dataset.fields.map(({ description: _, path, value, defaultText, ...field }) =>
        isRecordsDataset(dataset) ? { ...field, path, value, defaultText } : field,
      ),
      primaryKey: dataset.primaryKey,
      foreignKeys: dataset.foreignKeys,
    },
    checks: dataset.checks,
    accept: dataset.accept,
  };
  return createHash('sha256').update(canonicalJson(contract)).digest('hex');
}

function sourceRules(dataset: Dataset): object {
  if (isRecordsDataset(dataset)) return dataset.source;
  const { kind: _, filename, dueByDay: __, ...source } = fileSource(dataset);
  return { ...source, filename: filename.source };
}

/** JSON with members in the order of their names; maps as lists of pairs, because their order has a meaning. */
function canonicalJson(value: unknown): string {
  if (value instanceof Map) return canonicalJson([...value]);
  if (Array.isArray(value)) return `[${value.map((one) => canonicalJson(one ?? null)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
