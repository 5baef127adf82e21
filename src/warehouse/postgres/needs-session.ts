/** What a statement would leave behind in its session: words for a message, with the pattern of one statement. */
const LEAVES: readonly (readonly [words: string, pattern: RegExp])[] = [
  ['a setting (SET without LOCAL)', /^\s*SET\s+(?!LOCAL\b|CONSTRAINTS\b|TRANSACTION\b)/i],
  ['a setting (set_config(…, false))', /\bset_config\s*\([^;]*,\s*false\s*\)/i],
  ['settings (RESET)', /^\s*RESET\b/i],
  ['a lock (pg_advisory_lock)', /\bpg_(try_)?advisory_(lock|unlock)/i],
  ['a prepared statement (PREPARE)', /^\s*(PREPARE\s+(?!TRANSACTION\b)|DEALLOCATE\b)/i],
  ['a cursor (WITH HOLD)', /^\s*DECLARE\b.*\bWITH\s+HOLD\b/is],
  ['a channel (LISTEN)', /^\s*(UN)?LISTEN\b/i],
  ['a library (LOAD)', /^\s*LOAD\b/i],
  ['what DISCARD leaves', /^\s*DISCARD\b/i],
  [
    'a temporary table',
    /^\s*CREATE\s+((GLOBAL|LOCAL)\s+)?TEMP(ORARY)?\s+(TABLE|SEQUENCE|VIEW)\b(?!.*\bON\s+COMMIT\s+DROP\b)/is,
  ],
];

/** Comments, texts, quoted names and function bodies are not executed, so they do not count. */
const QUOTED = /--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|"(?:[^"]|"")*"|'(?:[^']|'')*'/g;

/**
 * Whether SQL needs its session after the transaction, and what it leaves there; null where it does not. Behind a
 * pooler the next transaction has another session, and another caller gets this one.
 */
export function needsSession(text: string): string | null {
  const bare = text.replace(QUOTED, (quoted) => (/^(--|\/\*)/.test(quoted) ? ' ' : ' _ '));
  for (const statement of bare.split(';'))
    for (const [words, pattern] of LEAVES) if (pattern.test(statement)) return words;
  return null;
}
