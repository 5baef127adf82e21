import type { Dataset } from '../domain/dataset.ts';
import type { Period } from '../domain/period.ts';
import { filterOptions, type SliceFilter } from '../domain/slice.ts';
import { promotionsTouching } from '../ledger/approvals.ts';
import type { Load } from '../ledger/loads.ts';
import { rulesFingerprint } from '../promotion/approvals.ts';
import { coreShape } from '../promotion/core-shape.ts';
import type { AcceptedGuard } from '../promotion/guards.ts';
import { contractFingerprint } from '../validation/contract-fingerprint.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { Now } from './seen.ts';
import type { StepContext } from './step.ts';

/** What a promotion is made from: the stage rows, the rules, and the state of core. Its counts follow from these. */
export async function basisOf(
  session: Session,
  { project, warehouse }: StepContext,
  dataset: Dataset,
  load: Load,
): Promise<object> {
  const { dialect } = warehouse.capabilities;
  const shape = await coreShape(session, project, dataset, load.period, dialect);
  const touching = await promotionsTouching(session, dataset.core.table, load, 0);
  return {
    ...{ dataset: dataset.name, period: load.period, slice: load.slice, load: load.loadId },
    rules: rulesFingerprint(shape, { contract: contractFingerprint }),
    after: touching.reduce((newest, id) => Math.max(newest, Number(id)), 0),
  };
}

/** The call again, for the refusal of one whose preview has changed. */
export function transformNow(input: {
  readonly period: Period;
  readonly datasets: readonly Dataset[];
  readonly named: boolean;
  readonly slice?: SliceFilter;
  readonly atomic: boolean;
  readonly acceptGuards: readonly AcceptedGuard[];
}): Omit<Now, 'told'> {
  const [accepted] = input.acceptGuards;
  const options = {
    period: input.period.text,
    ...(input.named ? { dataset: input.datasets.map(({ name }) => name) } : {}),
    ...filterOptions(input.slice ?? new Map()),
    ...(input.atomic ? { atomic: true as const } : {}),
    ...(accepted === undefined ? {} : { acceptGuard: input.acceptGuards.map(({ name }) => name) }),
  };
  return { step: 'transform', options, decided: accepted, where: { period: input.period.text } };
}
