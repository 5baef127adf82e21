import type { Dataset, Field, FileSource } from '../../../src/domain/dataset.ts';
import { parseFilenamePattern } from '../../../src/domain/filename-pattern.ts';
import type { PeriodKind } from '../../../src/domain/period.ts';
import { plainField } from '../../../src/domain/plain-field.ts';

export function field(name: string, over: Partial<Field> & { required?: boolean } = {}): Field {
  const { required = false, ...rest } = over;
  const plain = plainField(name);
  return { ...plain, constraints: { ...plain.constraints, required }, ...rest };
}

type Over = Partial<Omit<Dataset, 'source' | 'headers'>> & {
  readonly source?: Partial<FileSource>;
  readonly headers?: Partial<Dataset['headers']>;
  readonly pattern?: string;
  readonly period?: PeriodKind;
};

/** A resolved dataset `citizens` with the given fields; everything else as a plain configuration would have it. */
export function dataset(fields: readonly Field[], over: Over = {}): Dataset {
  const kind = over.period ?? 'month';
  const filename = parseFilenamePattern(over.pattern ?? 'citizens_{period}[_v{version}].{xlsx,csv}', kind);
  const { source, headers, pattern, period, ...rest } = over;
  return {
    name: 'citizens',
    title: 'Citizens',
    owner: null,
    description: null,
    periodKind: kind,
    source: {
      kind: 'file',
      filename,
      sheet: null,
      headerRow: 'auto',
      headerRows: 'auto',
      footer: null,
      skip: null,
      merged: 'fill',
      delimiter: 'auto',
      quote: '"',
      escape: null,
      encoding: 'auto',
      dueByDay: null,
      ...source,
    },
    headers: { match: 'loose', extra: 'error', order: 'any', ...headers },
    fields,
    primaryKey: [],
    foreignKeys: [],
    checks: [],
    accept: { maxRejected: { kind: 'count', value: 0, text: '0' }, empty: false, sameBytes: false },
    core: {
      table: 'citizens',
      key: [],
      strategy: 'replace_period',
      covers: null,
      missing: 'keep',
      onDuplicate: 'skip',
      guards: {
        max_removed: null,
        max_modified: null,
        max_added: null,
        max_drop: null,
        max_changed: new Map(),
        min_rows: null,
      },
      identity: null,
      references: [],
      rollout: 'immediate',
      review: 'optional',
    },
    sliceNames: filename.sliceNames,
    distributeBy: null,
    ...rest,
  };
}
