import type { KeyExamples } from './key-examples.ts';

/** Examples for the file, and for a dataset without its fields, checks and rules for core. */
export const DATASET_EXAMPLES: Readonly<Record<string, KeyExamples>> = {
  '': {
    version: 'version: 1',
    name: 'name: benefits',
    database: 'database: "duckdb:data/warehouse.duckdb"',
    limits: 'limits: {file_bytes: 500000000}',
    retention: 'retention: {keep_deliveries: 3}',
    datasets:
      'datasets: {regions: {period: none, source: {filename: regions.csv}, schema: {primaryKey: code, fields: [{name: code}]}}}',
  },
  limits: {
    file_bytes: 'file_bytes: 500000000',
    unpacked_bytes: 'unpacked_bytes: 2000000000',
    unpack_ratio: 'unpack_ratio: 400',
    rows: 'rows: 200000',
    columns: 'columns: 100',
    cell_characters: 'cell_characters: 5000',
    text_cell_bytes: 'text_cell_bytes: 5000000',
    name_bytes: 'name_bytes: 120',
  },
  retention: {
    keep_deliveries: 'keep_deliveries: 3',
    older_than: 'older_than: 12m',
    journal_older_than: 'journal_older_than: 2y',
  },
  'datasets.<name>': {
    title: 'title: Benefit payments',
    owner: 'owner: benefits@example.org',
    description: 'description: What was paid to whom in the month',
    period: 'period: quarter',
    source: 'source: {filename: "payments_{period}.xlsx"}',
    headers: 'headers: {extra: warning}',
    schema: 'schema: {fields: [{name: payment_id}, {name: amount, type: number}]}',
    checks: 'checks: [{rows: {min: 100}}]',
    accept: 'accept: {max_rejected: 1%}',
    core: 'core: {strategy: upsert, key: payment_id}',
    distribute_by: 'distribute_by: payment_id',
  },
  'datasets.<name>.source': {
    filename: 'filename: "payments_{period}[_v{version}].{xlsx,csv}"',
    sheet: 'sheet: Payments',
    header_row: 'header_row: 3',
    header_rows: 'header_rows: 2',
    footer: 'footer: "^(Total|Source:)"',
    skip: 'skip: "^Subtotal"',
    merged: 'merged: refuse',
    delimiter: 'delimiter: ";"',
    quote: 'quote: "\'"',
    escape: `escape: '\\'`,
    encoding: 'encoding: windows-1252',
    expected: 'expected: {by_day: 10}',
  },
  'datasets.<name>.source.expected': { by_day: 'by_day: 10' },
  'datasets.<name>.headers': { match: 'match: exact', extra: 'extra: ignore', order: 'order: same' },
  'datasets.<name>.accept': {
    max_rejected: 'max_rejected: 0.5%',
    empty: 'empty: true',
    same_bytes: 'same_bytes: true',
  },
};
