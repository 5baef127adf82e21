import type { Finding } from '../domain/finding.ts';
import type { StepResult } from '../domain/result.ts';
import type { Target } from '../domain/target.ts';
import { type Delivery, deliveryById } from '../ledger/deliveries.ts';
import { type RefusedDelivery, writeGateReport } from '../reports/gate-report.ts';
import type { StepContext } from './step.ts';

/**
 * Writes for every delivery that the gate refused its report for the analyst, from the log. A report that cannot be
 * written changes no outcome.
 */
export async function reportRefused(
  ctx: StepContext,
  target: Target,
  results: readonly StepResult[],
): Promise<StepResult[]> {
  const dataset = ctx.config.datasets.get(target.dataset);
  const out: StepResult[] = [];
  for (const result of results) {
    const delivery = await refusedDelivery(ctx, result);
    if (delivery === null || dataset === undefined) {
      out.push(result);
      continue;
    }
    const about = { version: ctx.version, limits: ctx.config.limits };
    const outputs = await writeGateReport(ctx.project, dataset, delivery, about).catch((error: unknown) => {
      ctx.log.warn(`The report of delivery ${delivery.fileId} could not be written: ${String(error)}`);
      return [];
    });
    out.push({ ...result, outputs: [...result.outputs, ...outputs] });
  }
  return out;
}

async function refusedDelivery(
  ctx: StepContext,
  { status, fileId }: StepResult,
): Promise<RefusedDelivery | null> {
  if (status !== 'refused' || fileId === null) return null;
  const delivery = await ctx.warehouse.read((session) => deliveryById(session, fileId));
  return delivery?.status === 'refused' && delivery.findings !== null ? asRefused(delivery) : null;
}

function asRefused(delivery: Delivery): RefusedDelivery | null {
  const { fileId, period, slice, path, sha256, headerRow, findings } = delivery;
  if (period === null) return null;
  return {
    fileId,
    period,
    slice,
    path,
    sha256,
    headerRow,
    // The sheet of a reply is that of its original, which is another file.
    sheet: delivery.replyTo === null ? delivery.sheet : null,
    headersFound: parsed<readonly string[]>(delivery.headersFound),
    headersMapped: parsed<RefusedDelivery['headersMapped']>(delivery.headersMapped),
    findings: parsed<readonly Finding[]>(findings),
  };
}

/** JSON that this program wrote into its own log. */
function parsed<T extends readonly unknown[]>(text: string | null): T {
  return (text === null ? [] : JSON.parse(text)) as T;
}
