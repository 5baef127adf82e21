import { join } from 'node:path';
import type { Basis } from '../../checks/basis.ts';
import type { Config } from '../../config/config.ts';
import type { Dataset } from '../../domain/dataset.ts';
import type { Period } from '../../domain/period.ts';
import type { Slice } from '../../domain/slice.ts';
import type { Project } from '../../lake/project.ts';
import type { Session } from '../../warehouse/warehouse.ts';
import { fetchReferences, fetchSettled } from '../references/fetch-references.ts';
import { Lists } from '../references/lists.ts';
import { readControlFile } from './control-file.ts';
import { fetchOtherKeys } from './other-keys.ts';
import { fetchLastYear, fetchPrevious } from './previous.ts';

/** What is to be checked, and where what it is compared with may be copied. */
export interface BasisAsked {
  readonly dataset: Dataset;
  readonly period: Period;
  readonly slice: Slice;
  /** An existing folder of the caller, who removes it. */
  readonly folder: string;
  /**
   * `settled`: lists whose newest delivery is not validated stop it; `as-found`: the lists that exist are used.
   */
  readonly lists: 'settled' | 'as-found';
  /** Whether keys of deliveries that passed and wait to be loaded count. */
  readonly waiting: boolean;
  /** Path of the landed file that was sent with a control file, relative to the project; null: rows are not as sent. */
  readonly sentAs: string | null;
}

export interface FetchedBasis {
  readonly basis: Basis;
  /** The deliveries from which the lists come; null where only the delivery itself is read. See `basisText`. */
  readonly lists: string | null;
}

/**
 * Reads everything that rows are compared with, in the transaction of the caller, so that all of it is of one moment.
 * Throws `reference-not-loaded` where a list was never delivered.
 */
export async function fetchBasis(
  session: Session,
  around: { readonly project: Project; readonly config: Config },
  { dataset, period, slice, folder, ...how }: BasisAsked,
): Promise<FetchedBasis> {
  const { project } = around;
  const fetchLists = how.lists === 'settled' ? fetchSettled : fetchReferences;
  const lists = await fetchLists(new Lists(session, around), { dataset, period, slice }, folder);
  const waiting = how.waiting ? project : null;
  const basis: Basis = {
    period,
    references: lists.keys,
    previous: await fetchPrevious(session, dataset, period, slice, folder),
    lastYear: await fetchLastYear(session, dataset, period, slice),
    others: await fetchOtherKeys(session, waiting, dataset, { period, slice }, folder),
    control: how.sentAs === null ? null : readControlFile(join(project.root, how.sentAs), dataset),
  };
  return { basis, lists: lists.basis };
}
