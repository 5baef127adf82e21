import { CHECKS } from '../checks/registry.ts';
import type { Dataset, RecordsSource } from '../domain/dataset.ts';
import type { DatasetAsWritten } from './schema.ts';

type Report = (path: readonly (string | number)[], message: string) => void;

export function takesRecords({ source }: Pick<DatasetAsWritten, 'source'>): boolean {
  return source.records !== undefined;
}

/** How records are read. Everything in the dataset that speaks of files or of periods is reported. */
export function resolveRecords(written: DatasetAsWritten, report: Report): RecordsSource {
  for (const key of Object.keys(written.source)) {
    if (key !== 'records' && written.source[key as keyof DatasetAsWritten['source']] !== undefined)
      report(['source', key], `${key} belongs to files; a source is records or files, never both`);
  }
  if (written.period !== undefined && written.period !== 'none')
    report(['period'], `records have no periods: write period: none, not ${written.period}`);
  if (written.headers !== undefined) report(['headers'], 'headers belong to files; records have members');
  for (const key of ['empty', 'same_bytes'] as const) {
    if (written.accept?.[key] !== undefined) report(['accept', key], `${key} belongs to files`);
  }
  refuseChecks(written, report);
  refuseCoreRules(written, report);
  return { kind: 'records', unknown: written.source.records?.unknown ?? 'ignore' };
}

function refuseChecks({ checks = [] }: DatasetAsWritten, report: Report): void {
  for (const [i, check] of checks.entries()) {
    const module = CHECKS.find(({ kind, about }) => check[kind] !== undefined && about === 'deliveries');
    if (module !== undefined)
      report(['checks', i, module.kind], `${module.kind} speaks of files or periods, and records have none`);
  }
}

function refuseCoreRules({ core = {} }: DatasetAsWritten, report: Report): void {
  if (core.strategy !== undefined && core.strategy !== 'upsert')
    report(['core', 'strategy'], `records are promoted by upsert, not ${core.strategy}`);
  for (const key of ['covers', 'missing'] as const) {
    if (core[key] !== undefined)
      report(['core', key], `${key} belongs to files: records never say what is missing`);
  }
  for (const key of ['max_removed', 'max_drop', 'min_rows'] as const) {
    if (core.guards?.[key] !== undefined)
      report(['core', 'guards', key], `${key} speaks of whole deliveries, and records have none`);
  }
}

/** The table of a dataset's records, in the schema `stage`. */
export function recordsTableName(dataset: string): string {
  return `${dataset}_records`;
}

/** A dataset whose stage table would be the table of another one's records. */
export function refuseTakenTables(
  datasets: ReadonlyMap<string, Dataset>,
  report: (path: readonly string[], message: string) => void,
): void {
  for (const { name, source } of datasets.values()) {
    const table = recordsTableName(name);
    if (source.kind === 'records' && datasets.has(table))
      report(['datasets', table], `stage.${table} holds the records of dataset '${name}'; take another name`);
  }
}
