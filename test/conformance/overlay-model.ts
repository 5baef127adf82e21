/** What corrections, withdrawals and unloads must come to, said as plainly as can be: for one period of one dataset. */

export type Field = 'people' | 'staff';
export type Rows = ReadonlyMap<string, Readonly<Record<Field, number | null>>>;

interface Correction {
  readonly place: string;
  readonly field: Field;
  readonly expected: number | null;
  readonly value: number | null;
  undone: boolean;
}

interface Delivery {
  readonly rows: Rows;
  withdrawn: boolean;
}

/** Deliveries and corrections are told by their place in the order in which they came. */
export class OverlayModel {
  readonly deliveries: Delivery[] = [];
  readonly corrections: Correction[] = [];
  current: number | null = null;
  /** Null: nothing is loaded. */
  stage: { readonly delivery: number; readonly rows: Rows } | null = null;
  core: Rows = new Map();
  readonly #before: Rows[] = [];

  deliver(rows: Rows): void {
    this.deliveries.push({ rows, withdrawn: false });
    this.current = this.deliveries.length - 1;
  }

  /** The rows of a delivery with every correction that stands, each where it finds what it expects. */
  corrected(delivery: number): Rows {
    const rows = new Map((this.deliveries[delivery] as Delivery).rows);
    for (const { place, field, expected, value, undone } of this.corrections) {
      const row = rows.get(place);
      if (undone || row === undefined || row[field] !== expected) continue;
      rows.set(place, { ...row, [field]: value });
    }
    return rows;
  }

  load(): boolean {
    if (this.current === null) return false;
    this.stage = { delivery: this.current, rows: this.corrected(this.current) };
    return true;
  }

  bringBack(delivery: number): boolean {
    if (this.deliveries[delivery]?.withdrawn !== false) return false;
    this.current = delivery;
    return this.load();
  }

  correct(
    place: string,
    field: Field,
    expected: number | null,
    value: number | null,
  ): 'done' | 'skipped' | 'refused' {
    if (this.current === null) return 'refused';
    const again = this.corrections.some(
      (one) =>
        !one.undone &&
        one.place === place &&
        one.field === field &&
        one.expected === expected &&
        one.value === value,
    );
    if (again) return 'skipped';
    const row = this.corrected(this.current).get(place);
    if (row === undefined || row[field] !== expected) return 'refused';
    if (expected === value) return 'skipped';
    this.corrections.push({ place, field, expected, value, undone: false });
    return 'done';
  }

  undo(correction: number): void {
    (this.corrections[correction] as Correction).undone = true;
  }

  withdraw(delivery: number): void {
    (this.deliveries[delivery] as Delivery).withdrawn = true;
    if (this.current !== delivery) return;
    const left = this.deliveries.flatMap(({ withdrawn }, at) => (withdrawn ? [] : [at]));
    this.current = left.at(-1) ?? null;
  }

  unload(): void {
    this.stage = null;
  }

  promote(): boolean {
    if (this.stage === null || this.deliveries[this.stage.delivery]?.withdrawn) return false;
    this.#before.push(this.core);
    this.core = this.stage.rows;
    return true;
  }

  rollBack(): void {
    this.core = this.#before.pop() as Rows;
  }
}
