import { quoteName } from '../../sql/sql.ts';

const RIGHTS: Readonly<Record<string, string>> = {
  schema: 'USAGE, CREATE ON SCHEMA',
  database: 'CREATE ON DATABASE',
  table: 'SELECT, INSERT, UPDATE, DELETE ON TABLE',
  view: 'SELECT ON TABLE',
  sequence: 'USAGE, SELECT ON SEQUENCE',
};

/** The statement with which an administrator allows a refused one; null where the refusal has another reason. */
export function missingGrant(text: string, role: string): string | null {
  const [, kind = '', name = ''] = /^permission denied for (\w+) (.+?)\.?$/.exec(text) ?? [];
  const rights = RIGHTS[kind];
  return rights === undefined ? null : `GRANT ${rights} ${quoteName(name)} TO ${quoteName(role)};`;
}
