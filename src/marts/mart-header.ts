import { didYouMean } from '../domain/did-you-mean.ts';
import type { PeriodKind } from '../domain/period.ts';
import { badModel } from '../promotion/model-sql.ts';
import type { Mart, MartCheck } from './mart.ts';

export type MartHeader = Omit<Mart, 'name' | 'model'>;

const KEYS = ['title', 'grain', 'mode', 'period', 'reads', 'check'] as const;
const PERIODS: readonly PeriodKind[] = ['month', 'quarter', 'year'];
const MODES = ['period', 'full'] as const;

interface Entry {
  readonly key: (typeof KEYS)[number];
  readonly name: string | null;
  readonly value: string;
  readonly line: number;
}

/**
 * Reads the comment at the start of a mart: `-- key: value` lines (title, grain, mode, period, reads, `check <name>`),
 * with other comment lines between them. Unknown or missing keys and impossible values are `bad-model`, with file and
 * line.
 */
export function parseMartHeader(text: string, displayPath: string): MartHeader {
  const entries = readEntries(text, displayPath);
  const one = (key: Entry['key']): Entry | null => {
    const [found, again] = entries.filter((entry) => entry.key === key);
    if (again !== undefined) throw badModel(displayPath, again.line, `'${key}' is there twice`);
    return found ?? null;
  };
  const required = (key: Entry['key']): Entry => {
    const entry = one(key);
    if (entry === null) throw badModel(displayPath, 1, `the header lacks '-- ${key}: …'`);
    return entry;
  };
  const choice = <T extends string>(entry: Entry, allowed: readonly T[]): T => {
    const found = allowed.find((each) => each === entry.value);
    if (found !== undefined) return found;
    throw badModel(
      displayPath,
      entry.line,
      `'${entry.key}' is one of ${allowed.join(', ')}, not '${entry.value}'`,
    );
  };
  const grain = required('grain');
  const period = one('period');
  return {
    title: one('title')?.value ?? null,
    grain: grain.value === 'none' ? [] : list(grain, displayPath),
    mode: choice(required('mode'), MODES),
    periodKind: period === null ? 'month' : choice(period, PERIODS),
    reads: list(required('reads'), displayPath).map((table) =>
      coreName(table, required('reads'), displayPath),
    ),
    checks: checksOf(entries, displayPath),
  };
}

function readEntries(text: string, displayPath: string): Entry[] {
  const entries: Entry[] = [];
  for (const [index, source] of text.split(/\r?\n/).entries()) {
    const line = source.trim();
    if (line === '') continue;
    if (!line.startsWith('--')) break;
    const [, label = '', rest = ''] = /^--+\s*([^:]*?)\s*:(?![:/])(.*)$/.exec(line) ?? [];
    const words = label.split(/\s+/);
    const [word = '', name = null] = words;
    const key = KEYS.find((each) => each === word);
    if (key === undefined && isProse(words)) continue;
    if (key === undefined) throw badModel(displayPath, index + 1, unknownKey(label, word));
    if (words.length > (key === 'check' ? 2 : 1)) {
      throw badModel(displayPath, index + 1, `'${label}' is not a key; a check's name is one word`);
    }
    if (rest.trim() === '') throw badModel(displayPath, index + 1, `'${label}' has no value`);
    entries.push({ key, name, value: rest.trim(), line: index + 1 });
  }
  return entries;
}

/** A comment with a colon is a key if one word is before the colon, or if it begins like `check <name>`. */
function isProse(words: readonly string[]): boolean {
  return (
    words[0] === '' ||
    (words.length > 1 && !(words.length === 2 && didYouMean(words[0] as string, ['check'])))
  );
}

function unknownKey(label: string, word: string): string {
  const near = didYouMean(word, KEYS);
  const hint = near === null ? `known are ${KEYS.join(', ')}` : `did you mean '${near}'?`;
  return `unknown key '${label}' in the header; ${hint}`;
}

function list(entry: Entry, displayPath: string): string[] {
  const parts = entry.value.split(',').map((part) => part.trim());
  if (parts.includes(''))
    throw badModel(displayPath, entry.line, `'${entry.key}' is a list divided by commas`);
  const doubled = parts.find((part, i) => parts.indexOf(part) !== i);
  if (doubled !== undefined)
    throw badModel(displayPath, entry.line, `'${doubled}' is twice in '${entry.key}'`);
  return parts;
}

function coreName(table: string, entry: Entry, displayPath: string): string {
  const name = /^core\.([^.\s]+)$/.exec(table)?.[1];
  if (name === undefined) {
    throw badModel(displayPath, entry.line, `a mart reads core tables, written core.<table>; not '${table}'`);
  }
  return name;
}

function checksOf(entries: readonly Entry[], displayPath: string): MartCheck[] {
  const checks = new Map<string, MartCheck>();
  for (const { key, name, value, line } of entries) {
    if (key !== 'check') continue;
    if (name === null)
      throw badModel(displayPath, line, "a check has a name: '-- check <name>: <condition>'");
    if (checks.has(name)) throw badModel(displayPath, line, `the check '${name}' is there twice`);
    checks.set(name, { name, expression: value, line });
  }
  return [...checks.values()];
}
