import type { RawRow } from '../readers/reader.ts';

/** Flags at the start of a pattern, which the engine accepts in regular expressions and JavaScript does not. */
const INLINE_FLAGS = /^(\^?)\(\?([ims]+)\)/;

/**
 * The rows before the first one that `source.footer` matches, as validation will find it. No rows where only the engine
 * knows the pattern: then validation has to judge rows that may not be data.
 */
export function aboveFooter(rows: readonly RawRow[], footer: string | null): readonly RawRow[] {
  if (footer === null) return rows;
  const pattern = asRegExp(footer);
  if (pattern === null) return [];
  const at = rows.findIndex(({ cells }) =>
    pattern.test(cells.find(({ text }) => text.trim() !== '')?.text.trim() ?? ''),
  );
  return at < 0 ? rows : rows.slice(0, at);
}

function asRegExp(pattern: string): RegExp | null {
  const flags = INLINE_FLAGS.exec(pattern)?.[2] ?? '';
  try {
    return new RegExp(pattern.replace(INLINE_FLAGS, '$1'), `u${[...new Set(flags)].join('')}`);
  } catch {
    return null;
  }
}
