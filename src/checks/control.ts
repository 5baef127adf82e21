import { z } from 'zod';
import { counted } from '../domain/count.ts';
import { type Measure, measureWords } from '../domain/measure.ts';
import { resolveThreshold, type Threshold } from '../domain/threshold.ts';
import type { CheckEnv } from './check-env.ts';
import { fileCheck } from './check-module.ts';
import { type CheckPlace, noField } from './check-place.ts';
import { MEASURES, resolveMeasure } from './measure-written.ts';
import { columnNamed, labelOf, type PlannedColumn } from './planned-column.ts';
import { threshold } from './schema-words.ts';
import { asNumber, differing, WORDINGS, writtenTotal } from './sent-total.ts';
import { failed, notMade } from './table-finding.ts';
import { type FileWords, fileWords } from './wording.ts';

/** A total that the delivery has to agree with, and where it is written. */
export interface ControlTotal {
  readonly measure: Measure;
  readonly from:
    | { readonly kind: 'number'; readonly value: string }
    /** The cell of the totals row in this field's column. */
    | { readonly kind: 'footer'; readonly field: string }
    /** The control file beside the delivery. */
    | { readonly kind: 'file' };
}

/** Compares each total of the sender with all rows of the file that can be read. */
export const control = fileCheck({
  kind: 'control',
  about: 'deliveries',
  keys: {
    control: z
      .record(z.string(), z.union([z.number(), z.string().min(1)]))
      .optional()
      .describe(
        `Totals by measure (${MEASURES}): a number; footer, the cell of the totals row in the field's column, or footer(field) of another column; file, from the control file beside the delivery (NAME.control.csv or .json). All rows count that can be read.`,
      ),
    tolerance: threshold.optional().describe('For `control`: how far apart the totals may be; 0 by default.'),
  },
  resolve(
    written,
    place,
  ): { readonly totals: readonly ControlTotal[]; readonly tolerance: Threshold | null } {
    const tolerance = written.tolerance === undefined ? null : resolveThreshold(written.tolerance);
    return { totals: resolveTotals(written.control ?? {}, place), tolerance };
  },
  needs: ({ totals }) => (totals.some(({ from }) => from.kind === 'file') ? { controlFile: true } : {}),
  async make(env, check) {
    const { sent } = env;
    if (sent === null) {
      notMade(env, check, 'the sender added up the rows as delivered, and these are corrected');
      return;
    }
    for (const total of check.totals) {
      const column = total.measure === 'rows' ? null : columnNamed(env, total.measure.field);
      const words = measureWords(total.measure, column === null ? '' : labelOf(column.field));
      const fault = (said: FileWords) => failed(env, check, said, column?.name ?? null);
      const unread = await unreadRows(env, column === null ? [] : [column]);
      if (unread > 0) {
        const rows = counted(unread, 'row');
        notMade(env, check, `${words} cannot be told, as ${rows} cannot be read`);
        continue;
      }
      const written = await writtenTotal(env, sent, total, words);
      if ('message' in written) {
        fault(written);
        continue;
      }
      const { place } = written;
      const wanted = await asNumber(env, written, column?.field ?? null);
      if (wanted === null) {
        fault(fileWords(WORDINGS['control-total.no-number'], { measure: words, place }));
        continue;
      }
      const found = await differing(env, total, wanted, check.tolerance);
      if (found === null) continue;
      const about = { measure: words, place };
      fault(
        column?.field.pii
          ? fileWords(WORDINGS['control-total.masked'], about)
          : fileWords(WORDINGS['control-total'], { ...about, found, wanted }),
      );
    }
  },
  sentence({ totals }, labels) {
    const names = totals.map(({ measure }) =>
      measureWords(measure, measure === 'rows' ? '' : labels([measure.field])),
    );
    return `As the sender wrote down: ${names.join(', ')}.`;
  },
  wordings: WORDINGS,
  findings: [
    {
      code: 'control-total',
      title: 'A total does not agree with the rows',
      meaning:
        'The sender wrote down how many rows there are or what they add up to: in the totals row below the table, or in a control file beside the delivery. All rows of the file count, also rejected ones; where a value of the column cannot be read the check is not made. The control file has the name of the delivery with the ending `.control.csv` or `.control.json`, and holds lines such as `rows,120` and `sum(amount),1234.50`, or one JSON object of the same.',
      example: 'The row Total says 1,234.50, and the amounts add up to 1,134.50.',
      cure: 'Look for rows that are missing, duplicate or changed after the total was made, and export again.',
      config: '{name: as_sent, control: {rows: file, sum(income): footer}, tolerance: 0.01}',
    },
  ],
  examples: {
    '': {
      control: 'control: {sum(amount): file}',
      tolerance: 'control: {sum(amount): file}, tolerance: 0.5',
    },
  },
});

/** By measure, the total or its place. */
function resolveTotals(
  written: Readonly<Record<string, string | number>>,
  place: CheckPlace,
): ControlTotal[] {
  const entries = Object.entries(written);
  if (entries.length === 0) place.report(['control'], 'control needs rows or sum(field)');
  return entries.flatMap(([key, value]) => {
    const path = ['control', key];
    const measure = resolveMeasure(key, path, place);
    const from = measure === null ? null : resolveSource(measure, value, path, place);
    return measure === null || from === null ? [] : [{ measure, from }];
  });
}

function resolveSource(
  measure: Measure,
  value: string | number,
  path: readonly string[],
  { fields, hasFooter, report }: CheckPlace,
): ControlTotal['from'] | null {
  const text = String(value).trim();
  if (text === 'file') return { kind: 'file' };
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return { kind: 'number', value: text };
  const footer = /^footer(?:\(\s*(.+?)\s*\))?$/.exec(text);
  if (footer === null) {
    report(path, `'${text}' is no number, nor file, footer or footer(field)`);
    return null;
  }
  if (!hasFooter)
    report(path, 'a total from the footer needs source.footer, which says where the footer begins');
  const field = footer[1] ?? (measure === 'rows' ? undefined : measure.field);
  if (field === undefined) {
    report(path, 'rows are in no column of their own: write footer(field)');
    return null;
  }
  if (!fields.has(field)) {
    report(path, noField(field, fields.keys()));
    return null;
  }
  return { kind: 'footer', field };
}

/** Rows whose value in the column is not known, because the cell or the row as a whole could not be read. */
async function unreadRows(env: CheckEnv, columns: readonly PlannedColumn[]): Promise<number> {
  if (columns.length === 0) return 0;
  const { engine, rows, read } = env;
  return read - (await engine.count(`SELECT count(*) FROM ${rows.judged} WHERE ${env.readable(columns)}`));
}
