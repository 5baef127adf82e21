import type { Mart } from '../marts/mart.ts';

const NAME = '(?:"(?:[^"]|"")+"|[A-Za-z_][A-Za-z0-9_]*)';
const ALIAS = new RegExp(`(?:(${NAME})\\.)?"?_data_period"?\\s+(?:AS\\s+)?(${NAME})`, 'gi');

/** A column of a mart's grain that is the period of core rows under another name, as `_data_period AS period` makes it. */
export interface PeriodAlias {
  readonly column: string;
  /**
   * The core table whose period it is; null where the model does not say, so that it is the period of each table it
   * reads.
   */
  readonly table: string | null;
}

/** The periods of core rows that a model passes on under a name of the grain, in the order of the model. */
export function periodAliases(mart: Mart): readonly PeriodAlias[] {
  const text = mart.model.pieces.join(' ');
  return [...text.matchAll(ALIAS)].flatMap(([, qualifier, alias]) => {
    const column = unquoted(alias ?? '');
    if (!mart.grain.includes(column)) return [];
    return [{ column, table: qualifier === undefined ? null : tableNamed(mart, text, unquoted(qualifier)) }];
  });
}

/** The core table that has a name in the model: its own name, or an alias. */
function tableNamed(mart: Mart, text: string, name: string): string | null {
  return (
    mart.reads.find((table) => table === name) ??
    mart.reads.find((table) => {
      const core = `core\\s*\\.\\s*"?${table.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}"?(?:_live)?`;
      return new RegExp(
        `${core}\\s+(?:AS\\s+)?"?${name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}"?(?![\\w"])`,
        'i',
      ).test(text);
    }) ??
    null
  );
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}
