import { sliceShown } from './slice.ts';

/** Dataset, period and slice: the part of the data that a delivery replaces. */
export interface Target {
  readonly dataset: string;
  readonly period: string;
  readonly slice: string;
}

/** The same text for the same target and for no other, as the key of a map. */
export function targetKey({ dataset, period, slice }: Target): string {
  return `${dataset} ${period} ${slice}`;
}

/** A target, or as much of it as is known, for people: `payments 2025-07 region=north`. */
export function targetShown(of: {
  readonly dataset: string | null;
  readonly period: string | null;
  readonly slice: string | null;
}): string {
  return [of.dataset, of.period, sliceShown(of.slice ?? '')].filter(Boolean).join(' ');
}
