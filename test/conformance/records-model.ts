import type { Mark } from './records-world.ts';

/** What a record says of a field: nothing, null, or JSON text. */
export type Member = { readonly absent: true } | { readonly json: string };

export interface RandomRecord {
  readonly members: Readonly<Record<Column, Member>>;
  /** A record that is no row: not an object, or with a member twice. */
  readonly broken: 'bad-record' | 'doubled-member' | null;
}

export const COLUMNS = ['k', 'a', 'b', 'c', 'p'] as const;
export type Column = (typeof COLUMNS)[number];
type Values = Readonly<Record<Column, string | null>>;

export interface Rules {
  readonly update: boolean;
  /** A share. */
  readonly maxRejected: number;
  /** The longest `b`. */
  readonly longest: number;
}

export interface ModelRecord {
  readonly id: number;
  readonly run: string;
  readonly said: RandomRecord;
  mark: Mark;
  attempt: number;
  errors: string[];
}

interface CoreRow {
  values: Values;
  readonly createdBy: number;
  updatedBy: number;
}

interface Verdict {
  readonly errors: readonly string[];
  readonly values: Values;
}

/** Records, core and marks in plain words of the language: what a promotion must come to. */
export class RecordsModel {
  readonly records: ModelRecord[] = [];
  readonly core = new Map<string, CoreRow>();
  readonly parents = new Set<string>();

  insert(run: string, ids: readonly number[], said: readonly RandomRecord[]): void {
    for (const [i, one] of said.entries()) {
      const id = ids[i] as number;
      this.records.push({ id, run, said: one, mark: 'waits', attempt: 0, errors: [] });
    }
  }

  /** A person corrected rules or data: failed records are judged again. */
  retry(): void {
    for (const record of this.records) if (record.mark === 'failed') record.mark = 'waits';
  }

  promote(rules: Rules, run: string | null, most: number): Record<string, number> {
    const counts = { promoted: 0, duplicate: 0, failed: 0, waiting: 0 };
    const waits = this.records.filter(
      ({ mark, run: its }) => (mark === 'waits' || mark === 'failed waits') && (run === null || its === run),
    );
    for (let at = 0; at < waits.length; at += most) {
      const batch = waits.slice(at, at + most);
      this.#batch(rules, batch);
      for (const { mark } of batch) {
        if (mark === 'waits') counts.waiting++;
        else if (mark === 'failed waits') counts.failed++;
        else counts[mark as 'promoted']++;
      }
    }
    return counts;
  }

  #batch(rules: Rules, batch: readonly ModelRecord[]): void {
    const inBatch = new Set(batch);
    const judged: { readonly record: ModelRecord; readonly verdict: Verdict; readonly held: boolean }[] = [];
    let active = [...batch];
    let last: Map<ModelRecord, Verdict>;
    for (;;) {
      last = this.#judge(rules, active);
      const held = new Set(
        active.map(({ run }) => run).filter((run) => this.#isHeld(rules, run, inBatch, last)),
      );
      if (held.size === 0) break;
      for (const record of active)
        if (held.has(record.run)) judged.push({ record, verdict: last.get(record) as Verdict, held: true });
      active = active.filter(({ run }) => !held.has(run));
    }
    const good = active.filter((record) => last.get(record)?.errors.length === 0);
    const place = this.#apply(rules, good, last);
    for (const record of good) {
      record.mark = place.has(record) ? 'promoted' : 'duplicate';
      record.attempt++;
    }
    for (const record of active)
      if (!good.includes(record)) judged.push({ record, verdict: last.get(record) as Verdict, held: false });
    for (const { record, verdict, held } of judged) {
      if (verdict.errors.length === 0 && held) {
        record.mark = 'waits';
        record.attempt++;
      } else fail(record, verdict.errors);
    }
  }

  #isHeld(
    { maxRejected }: Rules,
    run: string,
    inBatch: ReadonlySet<ModelRecord>,
    verdicts: ReadonlyMap<ModelRecord, Verdict>,
  ): boolean {
    const all = this.records.filter((record) => record.run === run);
    const bad = all.filter((record) =>
      inBatch.has(record) ? verdicts.get(record)?.errors.length !== 0 : record.mark.startsWith('failed'),
    );
    return bad.length > all.length * maxRejected;
  }

  /** One after the other, each on what those before it of its key left. */
  #judge(rules: Rules, batch: readonly ModelRecord[]): Map<ModelRecord, Verdict> {
    const standing = new Map([...this.core].map(([key, { values }]) => [key, values]));
    const verdicts = new Map<ModelRecord, Verdict>();
    for (const record of batch) {
      const verdict = this.#verdict(rules, record.said, standing);
      verdicts.set(record, verdict);
      const { k } = verdict.values;
      if (verdict.errors.length > 0 || k === null || !rules.update) continue;
      if (record.id > (this.core.get(k)?.updatedBy ?? 0)) standing.set(k, verdict.values);
    }
    return verdicts;
  }

  #verdict(
    { update, longest }: Rules,
    { members, broken }: RandomRecord,
    standing: Map<string, Values>,
  ): Verdict {
    if (broken !== null) return { errors: [`null:${broken}`], values: NOTHING };
    const errors: string[] = [];
    const values: Record<Column, string | null> = { ...NOTHING };
    const unreadable = new Set<Column>();
    for (const column of COLUMNS) {
      const value = cellOf(column, members[column]);
      if (value === undefined) unreadable.add(column);
      else values[column] = value;
      if (value === undefined) errors.push(`${column}:type-error`);
    }
    const before = update && values.k !== null ? standing.get(values.k) : undefined;
    for (const column of COLUMNS)
      if (before !== undefined && 'absent' in members[column]) values[column] = before[column];
    if ((values.b?.length ?? 0) > longest && !('absent' in members.b && before !== undefined))
      errors.push('b:constraint-error');
    for (const column of ['k', 'b'] as const)
      if (values[column] === null && !unreadable.has(column))
        errors.push(column === 'k' ? 'k:primary-key' : 'b:constraint-error');
    if (values.p !== null && !this.parents.has(values.p)) errors.push('p:foreign-key');
    return { errors: errors.sort(), values };
  }

  /** Changes core; answers which records stand in it. */
  #apply(
    { update }: Rules,
    good: readonly ModelRecord[],
    verdicts: ReadonlyMap<ModelRecord, Verdict>,
  ): Set<ModelRecord> {
    const standing = new Set<ModelRecord>();
    const byKey = new Map<string, ModelRecord[]>();
    for (const record of good) {
      const key = verdicts.get(record)?.values.k as string;
      byKey.set(key, [...(byKey.get(key) ?? []), record]);
    }
    for (const [key, records] of byKey) {
      const row = this.core.get(key);
      const counting = update ? records.filter(({ id }) => row === undefined || id > row.updatedBy) : records;
      const winner = update ? counting.at(-1) : row === undefined ? records[0] : undefined;
      if (winner === undefined) continue;
      const { values } = verdicts.get(winner) as Verdict;
      if (row !== undefined && COLUMNS.every((column) => row.values[column] === values[column])) continue;
      if (row === undefined) this.core.set(key, { values, createdBy: winner.id, updatedBy: winner.id });
      else Object.assign(row, { values, updatedBy: winner.id });
      if (!update) standing.add(winner);
      // A record of which a cell stands: no later one of its key says anything of that field.
      else
        for (const column of COLUMNS) {
          const last = counting.findLast(({ said }) => !('absent' in said.members[column]));
          if (last !== undefined) standing.add(last);
        }
    }
    return standing;
  }
}

function fail(record: ModelRecord, errors: readonly string[]): void {
  const lacksParent = errors.every((error) => error.endsWith(':foreign-key'));
  if (record.mark === 'failed waits' && lacksParent) return;
  record.attempt++;
  record.errors.push(...errors.map((error) => `${record.attempt}:${error}`));
  record.mark = lacksParent ? 'failed waits' : 'failed';
}

const NOTHING: Values = { k: null, a: null, b: null, c: null, p: null };

/** Null: it is empty; undefined: the field cannot have it. */
function cellOf(column: Column, member: Member): string | null | undefined {
  const json = 'absent' in member ? 'null' : member.json;
  if (json === 'null') return column === 'c' ? 'd' : null;
  if (/^[{[tf]/.test(json)) return undefined;
  const text = json.startsWith('"') ? (JSON.parse(json) as string) : json;
  if (text === '') return null;
  if (column !== 'a') return text;
  return /^-?\d+$/.test(text) ? String(Number(text)) : undefined;
}
