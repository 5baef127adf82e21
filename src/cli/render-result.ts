import { counted, grouped } from '../domain/count.ts';
import { ROW_COUNTS, type StepResult } from '../domain/result.ts';
import { targetShown } from '../domain/target.ts';
import { neutralise } from './log.ts';
import { writeWords } from './write-words.ts';

const MARKS: Record<string, string> = {
  done: 'done',
  skipped: 'nothing to do',
  failed: 'FAILED',
  usage: 'NOT RUN',
  refused: 'REFUSED',
  blocked: 'BLOCKED',
  retry: 'TRY LATER',
  interrupted: 'INTERRUPTED',
};

/**
 * Results as people read them on stdout: one line per unit with its counts, and what to do where something is wrong.
 */
export function renderResult(result: StepResult): string {
  const units = result.results.length > 0 ? result.results : [result];
  const lines = units.flatMap(renderUnit);
  if (result.results.length > 1)
    lines.push(`${result.step}: ${MARKS[result.status]}. ${neutralise(writeWords(result.message ?? ''))}`);
  if (result.seen !== undefined) lines.push(`To do exactly this: --seen ${result.seen}`);
  return `${lines.join('\n')}\n`;
}

function renderUnit(unit: StepResult): string[] {
  const what = targetShown(unit);
  const head = [`${unit.step}:`, what, MARKS[unit.status]].filter(Boolean).join(' ');
  const lines = [`${head}${unit.fileId === null ? '' : ` (delivery ${unit.fileId})`}`];
  for (const counts of [countsText(unit), recordsText(unit)]) if (counts) lines.push(`  ${counts}`);
  if (unit.message && unit.exitCode === 0)
    lines.push(`  ${neutralise(writeWords(unit.message)).replaceAll('\n', '\n  ')}`);
  if (unit.hint && unit.exitCode === 0) lines.push(`  Next: ${neutralise(writeWords(unit.hint))}`);
  for (const output of unit.outputs) lines.push(`  → ${neutralise(output)}`);
  return lines;
}

export function countsText(unit: StepResult): string {
  const parts = ROW_COUNTS.flatMap((name) => {
    const count = unit.rows[name];
    return count === null || (count === 0 && !ALWAYS.has(name))
      ? []
      : [name === 'cells' ? `${counted(count, 'cell')} changed` : `${grouped(count)} ${name}`];
  });
  return parts.length > 0 ? `rows: ${parts.join(', ')}` : '';
}

function recordsText(unit: StepResult): string {
  const parts = Object.entries(unit.records ?? {}).map(([name, count]) => `${grouped(count)} ${name}`);
  return parts.length > 0 ? `records: ${parts.join(', ')}` : '';
}

const ALWAYS = new Set(['read', 'accepted', 'rejected', 'inserted', 'added']);

/** The error that stopped a call, on stderr: what happened, where, why, and what to do next. */
export function renderProblem(result: StepResult): string {
  const units = result.results.length > 0 ? result.results.filter((unit) => unit.exitCode !== 0) : [result];
  return units
    .filter((unit) => unit.exitCode !== 0)
    .map((unit) => {
      const where = targetShown(unit);
      const lines = [
        `${unit.step}${where ? ` ${where}` : ''}: ${MARKS[unit.status]} (exit code ${unit.exitCode})`,
      ];
      lines.push(
        `  ${neutralise(writeWords(unit.message ?? 'No reason was given.')).replaceAll('\n', '\n  ')}`,
      );
      if (unit.hint) lines.push(`  Next: ${neutralise(writeWords(unit.hint)).replaceAll('\n', '\n  ')}`);
      return `${lines.join('\n')}\n`;
    })
    .join('');
}
