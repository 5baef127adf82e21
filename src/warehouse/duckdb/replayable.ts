import { TidemarkError } from '../../errors/tidemark-error.ts';

/**
 * Refuses a change of a column's default that DuckDB (1.5) cannot read back from its log after a kill: every default
 * that is not a plain value, above all a sequence. Tables that are made with such defaults can be read back.
 */
export function refuseUnreplayable(statement: string): void {
  const bare = statement.replace(/'(?:[^']|'')*'/g, "''").replace(/"(?:[^"]|"")*"/g, 'x');
  if (!/^\s*alter\s+table\b/i.test(bare)) return;
  const [, value] = /\bdefault\s+([^\s;]+(?:\s*\()?)/i.exec(bare) ?? [];
  if (value === undefined || PLAIN.test(value)) return;
  throw new TidemarkError('bad-config', {
    message: `A migration gives a column the default ${value.replace(/\s*\($/, '(…)')}, which DuckDB cannot read back after a kill.`,
    hint: 'Add the column without a default and fill it with an UPDATE; or make the table again with CREATE TABLE, which allows any default.',
  });
}

const PLAIN = /^(''|[-+]?[\d.]+(e[-+]?\d+)?|null|true|false|(date|time|timestamp)|cast\s*\($)[,)]?$/i;
