import type { FindingEntry } from '../../checks/finding-entry.ts';
import { labelOf, type PlannedColumn } from '../../checks/planned-column.ts';
import type { Rule } from '../../checks/rule.ts';
import { type Fillings, fileWords, quoted } from '../../checks/wording.ts';
import { counted, grouped } from '../../domain/count.ts';
import { fieldType } from '../../types/registry.ts';
import { trimmed } from '../../types/trimmed.ts';
import { unescaped } from '../clean-sql.ts';
import { MESSAGES, type MessageId } from '../messages.ts';
import type { SourceEnv } from '../source-env.ts';

export const entries: readonly FindingEntry[] = [
  {
    code: 'rule-in-doubt',
    title: 'All cells of a column break the same rule',
    meaning:
      'Where nearly every cell of a column fails in the same way, the column is delivered in another form than the rules expect. The cells are reported too, but most often the rule has to change.',
    example: 'Every birth date is written like 30.06.2025, and the format of the field is %d/%m/%Y.',
    cure: 'Let the owner add the `format`, the other spellings, `decimalChar`, `groupChar` or `locale` to the field; or export the column again.',
  },
];

/** Fewer cells may have the same fault by chance. */
const FEWEST = 5;
/** The share of the filled cells that must fail for the rule to be in doubt. */
const NEARLY_ALL = 0.9;
const SAMPLED = 200;
const SHOWN = 3;
const TEXT_LENGTH = 100;

/** Where nearly all cells of a column have the same fault, proposes a change of the rule to its owner. */
export async function checkRuleInDoubt(env: SourceEnv): Promise<void> {
  if (env.read < FEWEST) return;
  for (const rule of env.faults.broken().filter(isOfCells)) {
    const column = rule.columns[0] as PlannedColumn;
    const failing = env.faults.count(rule);
    if (failing < FEWEST) continue;
    const filled = await filledCells(env, rule, column);
    if (failing < filled * NEARLY_ALL) continue;
    const [id, more] = await proposal(env, rule, column);
    const owner = env.dataset.owner ?? 'the owner of the rules';
    const label = labelOf(column.field);
    const cells = `${failing === filled ? 'all' : `${grouped(failing)} of`} ${counted(filled, 'cell')}`;
    env.tableFindings.push({
      name: `rule-in-doubt ${rule.code} ${rule.name}`,
      severity: 'warning',
      field: column.name,
      ...fileWords(MESSAGES[id], { column: label, cells, owner, ...more }),
    });
  }
}

function isOfCells({ severity, code, name, columns }: Rule): boolean {
  const [column, second] = columns;
  if (severity !== 'error' || column === undefined || column.source === null || second !== undefined)
    return false;
  // Errors of the workbook are not values in another form, so no rule would accept them.
  if (name === 'error-cell') return false;
  return ['type-error', 'constraint-error', 'foreign-key'].includes(code);
}

/** Cells of the column that count; blank ones count where blank cells are the fault. */
async function filledCells(env: SourceEnv, rule: Rule, column: PlannedColumn): Promise<number> {
  if (rule.name === 'required') return env.read;
  return env.engine.count(
    `SELECT count(*) FROM ${env.rows.data} WHERE v${column.index} IS NOT NULL OR rid IN (SELECT rid FROM ${env.faults.relation} WHERE rule = ${rule.id})`,
  );
}

async function proposal(
  env: SourceEnv,
  rule: Rule,
  column: PlannedColumn,
): Promise<readonly [MessageId, Fillings]> {
  if (rule.name === 'required') return ['rule-in-doubt.blank', {}];
  const texts = await someTexts(env, rule, column);
  const { words } = fieldType(column.field);
  if (rule.code === 'type-error' && rule.name === 'type') {
    const month = env.basis.period.kind === 'month' ? env.basis.period.text : null;
    const form = words.otherForm(column.field, texts, month);
    if (form !== null) return [`rule-in-doubt.${form.as}`, form.says];
  }
  const values = [...new Set(texts)];
  const isList = rule.name === 'enum' || (rule.name === 'type' && words.choices(column.field) !== null);
  if (!isList) return ['rule-in-doubt', {}];
  const shown = values.slice(0, SHOWN).map((text) => quoted(column.field.pii ? null : text));
  return column.field.pii
    ? ['rule-in-doubt.list-masked', {}]
    : ['rule-in-doubt.list', { values: shown.join(', ') }];
}

/** Raw texts of the first cells that fail. */
async function someTexts(env: SourceEnv, rule: Rule, { source }: PlannedColumn): Promise<readonly string[]> {
  const { scan } = env;
  if (source === null) return [];
  const cell = `cells[${source + 1}]`;
  const text = trimmed(scan.escaped ? unescaped(cell) : cell);
  // Numbering rows keeps the scan in file order, on one thread.
  const rows = await env.engine.rows<{ text: string | null }>(
    `SELECT left(${text}, ${TEXT_LENGTH}) AS text FROM (SELECT row_number() OVER () - 1 AS rid, cells FROM ${scan.records})
     WHERE rid IN (SELECT rid FROM ${env.faults.relation} WHERE rule = ${rule.id} ORDER BY rid LIMIT ${SAMPLED}) ORDER BY rid`,
  );
  return rows.flatMap((row) => (row.text === null || row.text === '' ? [] : [row.text]));
}
