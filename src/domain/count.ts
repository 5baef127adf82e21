/** A number as people read it: `12`, `2,000`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** A number with its noun: `1 row`, `2,000 rows`; `1 delivery`, `2 deliveries` with the second form given. */
export function counted(count: number, one: string, more = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : more}`;
}
