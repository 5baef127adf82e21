/**
 * A whole number as people read it: `12`, `2,000`. Spelled out here: `toLocaleString` loads the tables of all languages
 * at its first call, and some counts are written when the program starts.
 */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A number with its noun: `1 row`, `2,000 rows`; `1 delivery`, `2 deliveries` with the second form given. */
export function counted(count: number, one: string, more = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : more}`;
}
