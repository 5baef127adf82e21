import { dirname, join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Dataset } from '../domain/dataset.ts';
import type { Finding } from '../domain/finding.ts';
import { type Period, periodDue } from '../domain/period.ts';
import { shownText } from '../domain/shown-text.ts';
import { type SliceFilter, sliceMatches } from '../domain/slice.ts';
import { finishedName, isUnfinishedName, type LandedFile } from '../lake/landed.ts';
import type { Delivery } from '../ledger/deliveries.ts';
import { controlledDataset } from './control-file.ts';
import { entryFinding, nameFinding } from './file-refusal.ts';
import { type NamedDelivery, readFileName } from './match-dataset.ts';
import { sliceFinding } from './slice-findings.ts';

/** A landed file that concerns a call. */
export interface Candidate {
  readonly file: LandedFile;
  /** Null where the name is not that of exactly one delivery. */
  readonly named: NamedDelivery | null;
  /** Set where the file is refused before it is opened, because of its name or its kind. */
  readonly refusal: Finding | null;
  /** Its name says that it is not finished. */
  readonly unfinished: boolean;
  /** For a filled-in corrections.xlsx: the deliveries on which it builds, the original first. */
  readonly replyTo?: readonly Delivery[];
}

export interface Selection {
  readonly candidates: readonly Candidate[];
  /** Files that no call will take, as sentences. */
  readonly warnings: readonly string[];
}

export interface Asked {
  /** Null: every period (`--all`). */
  readonly period: Period | null;
  readonly dataset: string | null;
  readonly slice: SliceFilter;
}

/** One landed file as a candidate, whatever is wrong with it. */
export function candidateOf(config: Config, file: LandedFile): Candidate {
  const unfinished = isUnfinishedName(file.name);
  const verdict = readFileName(config, unfinished ? finishedName(file.name) : file.name);
  const named = verdict.kind === 'one' ? verdict.delivery : null;
  const dataset = verdict.kind === 'impossible-period' ? verdict.dataset.name : (named?.dataset.name ?? null);
  const refusal =
    entryFinding(config, file, dataset) ??
    nameFinding(config, file, verdict) ??
    (named === null ? null : sliceFinding(file, named.dataset, named.slice));
  return { file, named, refusal: unfinished ? null : refusal, unfinished };
}

/**
 * The landed files that a call for a period, or for everything, takes; the others become warnings. `replies` are files
 * that are recognised by their content, by absolute path.
 */
export function selectLanded(
  config: Config,
  files: readonly LandedFile[],
  asked: Asked,
  replies: ReadonlyMap<string, Candidate> = new Map(),
): Selection {
  const candidates: Candidate[] = [];
  const warnings: string[] = [];
  const present = new Set(files.map((file) => file.absolute));
  for (const file of files) {
    const candidate = replies.get(file.absolute) ?? candidateOf(config, file);
    // It is read with the delivery that it belongs to.
    if (candidate.named === null && controlledDataset(config, file.name) !== null) continue;
    const fit = fits(config, candidate, asked);
    const finished = join(dirname(file.absolute), finishedName(file.name));
    if (fit === 'meant' && candidate.unfinished && asked.period !== null && present.has(finished)) {
      warnings.push(`'${shownText(file.name)}' says that somebody has '${finishedName(file.name)}' open.`);
    } else if (fit === 'meant') candidates.push(candidate);
    else if (fit === 'nobody' && !candidate.unfinished) {
      warnings.push(candidate.refusal?.message ?? `'${shownText(file.name)}' fits no dataset.`);
    }
  }
  return { candidates, warnings };
}

/** meant: this call takes it; other: another call does; nobody: no call for a period will ever take it. */
function fits(config: Config, candidate: Candidate, asked: Asked): 'meant' | 'other' | 'nobody' {
  const { named } = candidate;
  if (named === null) return unnamedFits(config, candidate, asked);
  if (asked.dataset !== null && named.dataset.name !== asked.dataset) return 'other';
  if (!sliceMatches(named.slice, asked.slice)) return 'other';
  if (asked.period === null) return 'meant';
  return periodDue(named.dataset.periodKind, asked.period)?.text === named.period ? 'meant' : 'other';
}

function unnamedFits(config: Config, candidate: Candidate, asked: Asked): 'meant' | 'other' | 'nobody' {
  if (asked.period === null) return asked.dataset === null ? 'meant' : 'nobody';
  const verdict = readFileName(config, candidate.file.name);
  if (verdict.kind !== 'several') return 'nobody';
  const due = (dataset: Dataset) =>
    (asked.dataset === null || dataset.name === asked.dataset) &&
    periodDue(dataset.periodKind, asked.period as Period) !== null &&
    namesPeriod(config, dataset, candidate.file.name, asked.period as Period);
  return verdict.datasets.some(due) ? 'meant' : 'other';
}

/** Whether one of the datasets that the name fits would take the file for the asked period. */
function namesPeriod(config: Config, dataset: Dataset, name: string, asked: Period): boolean {
  const alone = { ...config, datasets: new Map([[dataset.name, dataset]]) };
  const verdict = readFileName(alone, name);
  return verdict.kind === 'one' && verdict.delivery.period === periodDue(dataset.periodKind, asked)?.text;
}
