import { TidemarkError } from '../../errors/tidemark-error.ts';

/** libpq's parameters that are honoured in an address, each with the variable that can replace it. */
export const VARIABLES: Readonly<Record<string, string>> = {
  host: 'PGHOST',
  hostaddr: 'PGHOSTADDR',
  port: 'PGPORT',
  dbname: 'PGDATABASE',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  options: 'PGOPTIONS',
  application_name: 'PGAPPNAME',
  fallback_application_name: '',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  keepalives: '',
  keepalives_idle: '',
  keepalives_interval: '',
  keepalives_count: '',
  tcp_user_timeout: '',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
  load_balance_hosts: 'PGLOADBALANCEHOSTS',
  channel_binding: 'PGCHANNELBINDING',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslcrl: 'PGSSLCRL',
  sslpassword: '',
  sslsni: 'PGSSLSNI',
  sslnegotiation: 'PGSSLNEGOTIATION',
  ssl_min_protocol_version: 'PGSSLMINPROTOCOLVERSION',
  ssl_max_protocol_version: 'PGSSLMAXPROTOCOLVERSION',
};

interface Limited {
  readonly variable: string;
  /** Values that demand only what happens anyway. */
  readonly taken: readonly string[];
}

/** Parameters of libpq of which only these values can be honoured. */
const LIMITED: Readonly<Record<string, Limited>> = {
  client_encoding: { variable: 'PGCLIENTENCODING', taken: ['utf8', 'utf-8', 'unicode', 'auto'] },
  gssencmode: { variable: 'PGGSSENCMODE', taken: ['disable', 'prefer'] },
  replication: { variable: '', taken: ['false', 'off', 'no', '0'] },
  sslcompression: { variable: 'PGSSLCOMPRESSION', taken: ['0'] },
  // The driver itself reads the variable PGPASSFILE.
  passfile: { variable: '', taken: [] },
  gsslib: { variable: 'PGGSSLIB', taken: [] },
  gssdelegation: { variable: 'PGGSSDELEGATION', taken: ['0'] },
  krbsrvname: { variable: 'PGKRBSRVNAME', taken: [] },
  require_auth: { variable: 'PGREQUIREAUTH', taken: [] },
  requirepeer: { variable: 'PGREQUIREPEER', taken: [] },
  sslcertmode: { variable: 'PGSSLCERTMODE', taken: ['allow'] },
  sslcrldir: { variable: 'PGSSLCRLDIR', taken: [] },
  service: { variable: 'PGSERVICE', taken: [] },
  servicefile: { variable: '', taken: [] },
};

/** Whether libpq has a parameter of that name. */
export function isParameter(name: string): boolean {
  return Object.hasOwn(VARIABLES, name) || Object.hasOwn(LIMITED, name);
}

/**
 * Refuses, by name, what the address or the environment demands and cannot be honoured; throws `usage`. If a parameter
 * were ignored, its author would believe in a protection that does not exist.
 */
export function refuseUnkept(
  given: ReadonlyMap<string, string>,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  for (const [name, { variable, taken }] of Object.entries(LIMITED)) {
    const inAddress = given.get(name);
    const value = inAddress ?? (variable === '' ? undefined : environment[variable]);
    if (!value || taken.includes(value.toLowerCase())) continue;
    const shown = inAddress === undefined ? variable : name;
    throw new TidemarkError('usage', {
      message: `The database address cannot be used: Tidemark cannot do what ${shown}=${value} asks for.`,
      hint: hintFor(name, shown, taken),
    });
  }
}

function hintFor(name: string, shown: string, taken: readonly string[]): string {
  if (name === 'passfile') return 'Name the file in the variable PGPASSFILE.';
  const others = taken.length === 0 ? '' : `, or give it as ${taken.join(' or ')}`;
  return `Remove ${shown}${others}.`;
}
