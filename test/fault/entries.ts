/** How large the replaced period is and how often it is killed; the full size is 1,000,000 rows at 20 moments. */
export const ROWS = Number(process.env.TIDEMARK_FAULT_ROWS ?? 200_000);
export const MOMENTS = Number(process.env.TIDEMARK_FAULT_MOMENTS ?? 4);
/** Of what takes two calls each and a repeat: fewer in the usual run. */
export const FEWER_MOMENTS = Number(process.env.TIDEMARK_FAULT_MOMENTS ?? 3);

export const PERIOD = '2025-06';
export const OTHER_PERIOD = '2025-05';

export const ENTRIES_CONFIG = `version: 1
datasets:
  entries:
    period: month
    source: {filename: "entries_{period}[_v{version}].csv"}
    schema:
      fields:
        - {name: id, type: integer, constraints: {required: true}}
        - {name: amount, type: number, precision: 12, scale: 2}
        - {name: name, type: string}
        - {name: day, type: date}
`;

/** What stands in stage when exactly one delivery does. */
export interface Content {
  readonly rows: number;
  readonly total: number;
}

/** Deliveries differ in rows and in every amount, so that a mixture of two cannot pass for either. */
export function entries(version: number, rows: number): { readonly csv: string; readonly content: Content } {
  const count = rows + version;
  const lines = ['id,amount,name,day'];
  let total = 0;
  for (let id = 1; id <= count; id++) {
    const amount = (id % 90) + version;
    total += amount;
    lines.push(`${id},${amount}.00,name ${id},2025-06-${String(1 + (id % 28)).padStart(2, '0')}`);
  }
  return { csv: `${lines.join('\n')}\n`, content: { rows: count, total } };
}
