import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type {
  ControlFile,
  OtherKeys,
  OtherPeriod,
  PreviousPeriod,
  ReferenceKeys,
} from '../../../src/checks/basis.ts';
import { resolveConfig } from '../../../src/config/resolve.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { type Dataset, fileSource } from '../../../src/domain/dataset.ts';
import { DEFAULT_LIMITS } from '../../../src/domain/limits.ts';
import { NO_PERIOD, parsePeriod } from '../../../src/domain/period.ts';
import type { Slice } from '../../../src/domain/slice.ts';
import { locateTable } from '../../../src/gate/locate-table.ts';
import { openLanded } from '../../../src/gate/open-landed.ts';
import { CanonicalWriter } from '../../../src/readers/canonical-writer.ts';
import type { Extract } from '../../../src/readers/reader.ts';
import type { EarlierDeliveries } from '../../../src/validation/earlier.ts';
import type { Layout } from '../../../src/validation/layout.ts';
import { outcomeOf, type ValidationOutcome } from '../../../src/validation/outcome.ts';
import { Scratch } from '../../../src/validation/scratch.ts';

type Written = Record<string, unknown>;

/** A dataset `data` as a pipeline's owner would write it, by month unless said otherwise. */
export function datasetOf(
  fields: readonly Written[],
  more: { schema?: Written; source?: Written } & Written = {},
): Dataset {
  const { schema, source, ...rest } = more;
  const written = {
    version: 1,
    datasets: {
      data: {
        period: 'month',
        ...rest,
        source: { filename: 'data_{period}.{csv,xlsx}', ...source },
        schema: { fields, ...schema },
      },
    },
  };
  const problems: { message: string }[] = [];
  const config = resolveConfig(configSchema.parse(written), 'datasets_config.yml', problems as never);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('; '));
  return config.datasets.get('data') as Dataset;
}

export interface Validated extends ValidationOutcome {
  /** Accepted rows as the cleaned file has them; values as DuckDB's JSON. */
  readonly accepted: readonly Record<string, unknown>[];
  /** `field: value` in findings' order: code, severity, cell, value. */
  readonly told: readonly string[];
  readonly cleanedBytes: Buffer | null;
  readonly rejectedCsv: string | null;
  readonly idBytes: Buffer | null;
  readonly form: string;
}

interface Options extends Partial<EarlierDeliveries> {
  readonly slice?: Slice;
  readonly period?: string;
  readonly previous?: PreviousPeriod | null;
  readonly lastYear?: OtherPeriod | null;
  /** A query of k0 … and w, as if other deliveries were loaded with these keys. */
  readonly others?: string;
  readonly control?: ControlFile;
  readonly references?: readonly ReferenceKeys[];
  readonly canonical?: boolean;
  readonly threads?: number;
  readonly quickFrom?: number;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Validates the text of a CSV file through the real gate and reader. */
export function validateText(dataset: Dataset, text: string, options: Options = {}): Promise<Validated> {
  return validateFile(dataset, 'data_2025-06.csv', text, options);
}

/** Validates a file of that name through the real gate and reader. */
export async function validateFile(
  dataset: Dataset,
  name: string,
  bytes: string | Buffer,
  options: Options = {},
): Promise<Validated> {
  const folder = temporaryFolder();
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const source = await openLanded(path, dataset, DEFAULT_LIMITS);
  try {
    const located = await locateTable(source, dataset, `data/landed/${name}`);
    if (located.message !== null || located.sheet === null) throw new Error(located.message ?? 'no table');
    const { sheet, headerRow, width } = located;
    const { merged } = fileSource(dataset);
    let extract = await source.extract({ sheet, headerRow: headerRow ?? 0, width, scratch: folder, merged });
    if (options.canonical && extract.form === 'lines') extract = await extract.tokenize();
    const layout: Layout = {
      format: source.format,
      file: `data/landed/${name}`,
      sheet: sheet.name,
      headers: located.headersFound,
      headerTexts: located.headerTexts,
      mapping: located.mapping,
    };
    return await validateExtract(dataset, layout, extract, folder, [path], options);
  } finally {
    await source.close();
  }
}

/** One cell of a workbook: its kind (a CellKind) and text. */
export type SheetCell = readonly [kind: string, text: string];

/** Validates rows as the workbook reader lays them out; the header stands in row 1. */
export async function validateCells(
  dataset: Dataset,
  rows: readonly (readonly SheetCell[])[],
  options: Options = {},
): Promise<Validated> {
  const folder = temporaryFolder();
  const path = join(folder, 'sheet.txt');
  const width = dataset.fields.length;
  const writer = new CanonicalWriter(path, width);
  for (const [i, cells] of rows.entries()) {
    const kinds = Array.from({ length: width }, (_, c) => cells[c]?.[0] ?? '_').join('');
    await writer.writeRow(
      i + 2,
      Math.max(width, cells.length),
      kinds,
      cells.map(([, text]) => text),
    );
  }
  const { escaped } = await writer.close();
  const extract: Extract = {
    form: 'canonical',
    path,
    width,
    escaped,
    rows: rows.length,
    blankRows: 0,
    hiddenRows: 0,
    notes: [],
  };
  const layout: Layout = {
    format: 'xlsx',
    file: 'data/landed/data_2025-06.xlsx',
    sheet: 'Data',
    headers: dataset.fields.map((field) => field.name),
    mapping: dataset.fields.map((field, column) => ({ column, field: field.name })),
  };
  return validateExtract(dataset, layout, extract, folder, [], options);
}

async function validateExtract(
  dataset: Dataset,
  layout: Layout,
  extract: Extract,
  folder: string,
  reads: readonly string[],
  options: Options,
): Promise<Validated> {
  const scratch = await Scratch.open(folder, {
    reads: [
      ...reads,
      ...(options.previous?.path && existsSync(options.previous.path) ? [options.previous.path] : []),
      ...(options.references ?? []).flatMap(({ path }) => (existsSync(path) ? [path] : [])),
      ...(options.last?.idsPath && existsSync(options.last.idsPath) ? [options.last.idsPath] : []),
    ],
    ...(options.threads ? { threads: options.threads } : {}),
    width: extract.width,
    bytes: statSync(extract.path).size,
  });
  try {
    const period = parsePeriod(options.period ?? '2025-06') ?? NO_PERIOD;
    const { last = null, lookUp = null, lastPeriod = null } = options;
    const outcome = await outcomeOf(scratch, {
      dataset,
      rows: { door: 'raw', slice: options.slice ?? [], layout, extract, quickFrom: options.quickFrom },
      basis: {
        period,
        references: options.references ?? [],
        previous: options.previous ?? null,
        lastYear: options.lastYear ?? null,
        others: options.others === undefined ? new Map() : await otherKeys(scratch, dataset, options.others),
        control: options.control ?? null,
      },
      lists: null,
      fileId: 7,
      sha256: Promise.resolve('a'.repeat(64)),
      version: '0.0.0',
      earlier: { last, lookUp, lastPeriod },
    });
    const accepted =
      outcome.cleaned === null ? [] : await scratch.rows(`SELECT * FROM read_parquet('${outcome.cleaned}')`);
    return {
      ...outcome,
      accepted,
      told: outcome.report.findings.map(
        (one) =>
          `${one.code}${one.severity === 'error' ? '' : ` (${one.severity})`} ${one.cell ?? '-'} ${one.value ?? '-'}`,
      ),
      cleanedBytes: outcome.cleaned === null ? null : readFileSync(outcome.cleaned),
      rejectedCsv: outcome.rejected === null ? null : readFileSync(outcome.rejected.csv, 'utf8'),
      idBytes: outcome.findingIds === null ? null : readFileSync(outcome.findingIds),
      form: extract.form,
    };
  } finally {
    scratch.close();
  }
}

async function otherKeys(scratch: Scratch, dataset: Dataset, query: string): Promise<OtherKeys> {
  const path = join(scratch.folder, 'others.parquet');
  await scratch.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
  return new Map(dataset.checks.map((check) => [check, [path]]));
}
