import type { Config } from '../../config/config.ts';
import type { Dataset } from '../../domain/dataset.ts';
import type { Period } from '../../domain/period.ts';
import { type Slice, sliceText } from '../../domain/slice.ts';
import { landedFor, type Unlogged, unloggedFiles } from '../../gate/unlogged.ts';
import type { LandedFile } from '../../lake/landed.ts';
import type { Project } from '../../lake/project.ts';
import { type StandingCorrection, standingBySlice } from '../../ledger/corrections.ts';
import { type Load, standingLoads } from '../../ledger/loads.ts';
import { type SliceState, sliceStates } from '../../ledger/slice-states.ts';
import type { Session } from '../../warehouse/warehouse.ts';

/** What is known about lists at one moment: each list is read once, however many keys and slices refer to it. */
export class Lists {
  readonly session: Session;
  readonly project: Project;
  readonly config: Config;
  readonly #landed = new Map<string, readonly LandedFile[]>();
  readonly #known = new Map<string, Promise<unknown>>();

  constructor(session: Session, around: { readonly project: Project; readonly config: Config }) {
    this.session = session;
    this.project = around.project;
    this.config = around.config;
  }

  slices(list: Dataset, period: Period): Promise<readonly SliceState[]> {
    return this.#once(`slices ${list.name} ${period.text}`, () =>
      sliceStates(this.session, list.name, period.text),
    );
  }

  loads(list: Dataset, period: Period): Promise<readonly Load[]> {
    return this.#once(`loads ${list.name} ${period.text}`, () =>
      standingLoads(this.session, list.name, period.text),
    );
  }

  /** By slice, of those that have any. */
  corrections(
    { name: dataset }: Dataset,
    { text: period }: Period,
  ): Promise<ReadonlyMap<string, readonly StandingCorrection[]>> {
    return this.#once(`corrections ${dataset} ${period}`, () =>
      standingBySlice(this.session, { dataset, period }),
    );
  }

  /** Files of a part of the list that were not logged yet. */
  unlogged(list: Dataset, period: Period, part: Slice): Promise<Unlogged> {
    return this.#once(`unlogged ${list.name} ${period.text} ${sliceText(part)}`, () => {
      const files = this.#landed.get(list.name) ?? landedFor(this.project, list);
      this.#landed.set(list.name, files);
      return unloggedFiles(this.session, this.config, files, { dataset: list, period, slice: new Map(part) });
    });
  }

  #once<T>(what: string, look: () => Promise<T>): Promise<T> {
    const known = (this.#known.get(what) as Promise<T> | undefined) ?? look();
    this.#known.set(what, known);
    return known;
  }
}
