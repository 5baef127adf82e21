import {
  businessColumns,
  type Dataset,
  type Field,
  type FileSource,
  type ForeignKey,
  isRecordsDataset,
} from '../domain/dataset.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import { type FilenamePattern, PatternError, parseFilenamePattern } from '../domain/filename-pattern.ts';
import { DEFAULT_LIMITS } from '../domain/limits.ts';
import type { PeriodKind } from '../domain/period.ts';
import { resolveThreshold } from '../domain/threshold.ts';
import type { Config } from './config.ts';
import type { ConfigProblem } from './problem.ts';
import { namedApart, resolveCheck } from './resolve-check.ts';
import { resolveCore } from './resolve-core.ts';
import { resolveField } from './resolve-field.ts';
import { refuseTakenTables, resolveRecords, takesRecords } from './resolve-records.ts';
import { resolveReferences } from './resolve-references.ts';
import { resolveRetention } from './retention-schema.ts';
import type { ConfigAsWritten, DatasetAsWritten } from './schema.ts';
import { resolveSchemas } from './warehouse-schemas.ts';

type Path = readonly (string | number)[];

/** The only place with defaults: turns the configuration as written into the one that the program uses. */
export function resolveConfig(written: ConfigAsWritten, path: string, problems: ConfigProblem[]): Config {
  const alone = new Map<string, Dataset>();
  for (const [name, dataset] of Object.entries(written.datasets)) {
    alone.set(name, resolveDataset(name, dataset, problems));
  }
  const datasets = resolveReferences(alone, written.datasets, problems);
  refuseBrokenReferences(datasets, problems);
  refuseSharedTables(datasets, problems);
  refuseTakenTables(datasets, (path, message) => problems.push({ path, message, atKey: true }));
  const limits = { ...DEFAULT_LIMITS };
  for (const [key, value] of Object.entries(written.limits ?? {})) Object.assign(limits, { [key]: value });
  const retention = resolveRetention(written.retention);
  const schemas = resolveSchemas(written.schemas, problems);
  const databaseUrl = written.database ?? null;
  return { path, name: written.name, schemas, datasets, databaseUrl, limits, retention };
}

function resolveDataset(name: string, written: DatasetAsWritten, problems: ConfigProblem[]): Dataset {
  const at: Path = ['datasets', name];
  const report = (path: Path, message: string) => problems.push({ path: [...at, ...path], message });
  if (!/^[a-z][a-z0-9_]{0,47}$/.test(name)) {
    report(
      [],
      `'${name}': a dataset's name has small letters, digits and _, begins with a letter, and has 48 characters at most`,
    );
  }
  const records = takesRecords(written) ? resolveRecords(written, report) : null;
  const periodKind = written.period ?? (records === null ? 'month' : 'none');
  const filename = records === null ? resolveFilename(written, periodKind, report) : null;
  const missingValues = written.schema.missingValues ?? [''];
  const fields = written.schema.fields.map((field, i) =>
    resolveField(
      field,
      { missingValues, locale: written.schema.locale ?? null, records: records !== null },
      [...at, 'schema', 'fields', i],
      problems,
    ),
  );
  const names = new Set(fields.map((field) => field.name));
  refuseDoubledNames(
    fields.map((field) => field.name),
    report,
  );
  const about = {
    // A slice is also a column of every row.
    fields: new Map<string, Pick<Field, 'type'>>([
      ...(filename?.sliceNames ?? []).map((name) => [name, { type: 'string' }] as const),
      ...fields.map((field) => [field.name, field] as const),
    ]),
    hasFooter: written.source.footer !== undefined,
    hasSlices: (filename?.sliceNames.length ?? 0) > 0,
    hasPeriods: periodKind !== 'none',
  };
  const primaryKey = [written.schema.primaryKey ?? []].flat();
  for (const key of primaryKey) {
    if (!names.has(key)) report(['schema', 'primaryKey'], unknownField(key, names));
    const i = fields.findIndex((field) => field.name === key);
    if (fields[i]?.rules.required !== undefined)
      report(['schema', 'fields', i, 'rules', 'required'], `'${key}' is part of the key: no row may lack it`);
  }
  const sliceNames = filename?.sliceNames ?? [];
  const core = resolveCore(
    written.core ?? {},
    { dataset: name, periodKind, primaryKey, sliceNames, records: records !== null },
    [...at, 'core'],
    problems,
  );
  return {
    name,
    title: written.title ?? name,
    owner: written.owner ?? null,
    description: written.description ?? null,
    periodKind,
    source: records ?? resolveSource(written, filename, report),
    headers: {
      match: written.headers?.match ?? 'loose',
      extra: written.headers?.extra ?? 'error',
      order: written.headers?.order ?? 'any',
    },
    fields,
    primaryKey,
    foreignKeys: resolveForeignKeys(written, new Set([...names, ...sliceNames]), report),
    checks: namedApart(
      (written.checks ?? []).flatMap(
        (check, i) => resolveCheck(check, about, [...at, 'checks', i], problems) ?? [],
      ),
    ),
    accept: {
      maxRejected: resolveThreshold(written.accept?.max_rejected ?? (records === null ? 0 : '100%')),
      empty: written.accept?.empty ?? false,
      sameBytes: written.accept?.same_bytes ?? false,
    },
    core,
    sliceNames,
    distributeBy: resolveDistribution(written, [...primaryKey], core.key, report),
  };
}

const NOTHING: FilenamePattern = { source: '', parts: [], sliceNames: [], hasPeriod: false, regex: /(?!)/ };

function resolveFilename(
  written: DatasetAsWritten,
  kind: PeriodKind,
  report: (path: Path, message: string) => void,
): FilenamePattern | null {
  if (written.source.filename === undefined) {
    report(['source'], 'a source has a filename or records: write filename: NAME.csv or records: {}');
    return null;
  }
  try {
    return parseFilenamePattern(written.source.filename, kind);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    report(['source', 'filename'], `the file name pattern: ${error.message}`);
    return null;
  }
}

function resolveSource(
  written: DatasetAsWritten,
  filename: FilenamePattern | null,
  report: (path: Path, message: string) => void,
): FileSource {
  const source = written.source;
  const delimiter = source.delimiter === '\\t' ? '\t' : (source.delimiter ?? 'auto');
  if (delimiter !== 'auto' && delimiter.length !== 1)
    report(['source', 'delimiter'], `'${delimiter}' is not auto or one character`);
  return {
    kind: 'file',
    filename: filename ?? NOTHING,
    sheet: source.sheet ?? null,
    headerRow: source.header_row ?? 'auto',
    headerRows: source.header_rows ?? 'auto',
    footer: source.footer ?? null,
    skip: source.skip ?? null,
    merged: source.merged ?? 'fill',
    delimiter,
    quote: source.quote ?? '"',
    escape: source.escape ?? null,
    encoding: source.encoding ?? 'auto',
    dueByDay: source.expected?.by_day ?? null,
  };
}

function resolveForeignKeys(
  written: DatasetAsWritten,
  names: ReadonlySet<string>,
  report: (path: Path, message: string) => void,
): ForeignKey[] {
  return (written.schema.foreignKeys ?? []).map((key, i) => {
    const at: Path = ['schema', 'foreignKeys', i];
    const fields = [key.fields].flat();
    const referenceFields = [key.reference.fields].flat();
    for (const field of fields) {
      if (!names.has(field)) report([...at, 'fields'], unknownField(field, names));
    }
    if (fields.length !== referenceFields.length)
      report([...at, 'reference', 'fields'], 'must have as many fields as the key that refers to it');
    return { fields, dataset: key.reference.dataset, referenceFields };
  });
}

function resolveDistribution(
  written: DatasetAsWritten,
  primaryKey: readonly string[],
  coreKey: readonly string[],
  report: (path: Path, message: string) => void,
): string | null {
  const column = written.distribute_by ?? null;
  if (column === null || column === 'reference') return column;
  if (!primaryKey.includes(column) || !coreKey.includes(column)) {
    report(['distribute_by'], `'${column}' must be part of schema.primaryKey and of core.key`);
  }
  return column;
}

function refuseDoubledNames(names: readonly string[], report: (path: Path, message: string) => void): void {
  const seen = new Set<string>();
  for (const [i, name] of names.entries()) {
    // One of the engines ignores case in column names, so two fields must differ in more than case.
    const folded = name.toLowerCase();
    if (seen.has(folded)) report(['schema', 'fields', i, 'name'], `there are two fields '${name}'`);
    seen.add(folded);
  }
}

function refuseBrokenReferences(datasets: ReadonlyMap<string, Dataset>, problems: ConfigProblem[]): void {
  for (const dataset of datasets.values()) {
    for (const [i, key] of dataset.foreignKeys.entries()) {
      const path: Path = ['datasets', dataset.name, 'schema', 'foreignKeys', i, 'reference'];
      const target = datasets.get(key.dataset);
      if (!target) {
        problems.push({
          path: [...path, 'dataset'],
          message: `there is no dataset '${key.dataset}'${hint(key.dataset, datasets.keys())}`,
        });
        continue;
      }
      const names = new Set(businessColumns(target).map((column) => column.name));
      // Records are numbered where they become rows of core, and scripts hand these numbers over.
      if (isRecordsDataset(target) && target.core.identity !== null) names.add(target.core.identity);
      for (const field of key.referenceFields) {
        if (!names.has(field))
          problems.push({
            path: [...path, 'fields'],
            message: `dataset '${key.dataset}': ${unknownField(field, names)}`,
          });
      }
    }
  }
  for (const cycle of referenceCycles(datasets)) {
    problems.push({
      path: ['datasets', cycle[0] as string, 'schema', 'foreignKeys'],
      message: `datasets refer to each other in a circle: ${cycle.join(' → ')}`,
    });
  }
}

/** Datasets that cannot be put in an order because each refers to the other; a dataset may refer to itself. */
function referenceCycles(datasets: ReadonlyMap<string, Dataset>): string[][] {
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[][] = [];
  const visit = (name: string, trail: readonly string[]): void => {
    if (state.get(name) === 'done') return;
    if (state.get(name) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(name)), name]);
      return;
    }
    state.set(name, 'open');
    const { foreignKeys = [], core } = datasets.get(name) ?? {};
    for (const key of [...foreignKeys, ...(core?.references ?? [])])
      if (key.dataset !== name) visit(key.dataset, [...trail, name]);
    state.set(name, 'done');
  };
  for (const name of datasets.keys()) visit(name, []);
  return cycles;
}

function refuseSharedTables(datasets: ReadonlyMap<string, Dataset>, problems: ConfigProblem[]): void {
  const owner = new Map<string, string>();
  for (const dataset of datasets.values()) {
    const other = owner.get(dataset.core.table);
    const base = dataset.core.table.replace(/_(live|identity)$/, '');
    if (base !== dataset.core.table && [...datasets.values()].some((each) => each.core.table === base))
      problems.push({
        path: ['datasets', dataset.name, 'core', 'table'],
        message: `core.${dataset.core.table} goes with core.${base}: its live rows, or the keys given to them`,
      });
    if (other)
      problems.push({
        path: ['datasets', dataset.name, 'core', 'table'],
        message: `core.${dataset.core.table} belongs to dataset '${other}' already`,
      });
    owner.set(dataset.core.table, dataset.name);
  }
}

function unknownField(name: string, names: Iterable<string>): string {
  return `there is no field '${name}'${hint(name, names)}`;
}

function hint(name: string, names: Iterable<string>): string {
  const meant = didYouMean(name, names);
  return meant === null ? '' : `; did you mean '${meant}'?`;
}
