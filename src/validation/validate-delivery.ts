import type { Dataset } from '../domain/dataset.ts';
import type { Period } from '../domain/period.ts';
import type { Slice } from '../domain/slice.ts';
import { sliceText } from '../domain/slice.ts';
import type { ProblemList } from '../reports/problem-list.ts';
import type { ColumnProfile, ValidationReport } from '../reports/validation-report.ts';
import { collectFindings } from './collect-findings.ts';
import { collectProblems } from './collect-problems.ts';
import { contractFingerprint } from './contract-fingerprint.ts';
import { LastValues, type LookUp } from './findings/last-values.ts';
import type { LastDelivery } from './findings/since-last.ts';
import { type JudgeInput, type Judgement, judge } from './judge.ts';
import { besideLast, profileColumns } from './profile.ts';
import { keysMet } from './references/keys-met.ts';
import type { Scratch } from './scratch.ts';
import { whatWasChecked } from './what-was-checked.ts';
import { writeCleaned } from './write-cleaned.ts';
import { writeRejected } from './write-rejected.ts';

export interface DeliveryInput extends JudgeInput {
  readonly dataset: Dataset;
  readonly period: Period;
  readonly slice: Slice;
  readonly fileId: number;
  /**
   * SHA-256 of the landed file, which is hashed while it is read. Rejects where the file is not the one that was
   * ingested.
   */
  readonly sha256: Promise<string>;
  readonly version: string;
  /** The deliveries of lists from which `references` come; null, or left out, where there are none. */
  readonly referenceBasis?: string | null;
  /** The delivery that was validated before this one; null, or left out, where there is none. */
  readonly last?: LastDelivery | null;
  /** What the columns of the last period looked like; null, or left out, where there is none. */
  readonly lastPeriod?: { readonly period: string; readonly profile: readonly ColumnProfile[] } | null;
  /** Returns values of keys in the last period; null, or left out, where none is loaded. */
  readonly lookUp?: LookUp | null;
}

/** The outcome of a validation; its files are still in the scratch folder. */
export interface ValidationOutcome {
  readonly status: 'passed' | 'refused';
  readonly contractFingerprint: string;
  /** The deliveries of lists against which it was checked; null where there are none. */
  readonly referenceFingerprint: string | null;
  readonly rows: Judgement['rows'];
  readonly findings: Judgement['findings'];
  /** Null where the file is refused. */
  readonly cleaned: string | null;
  /** Null where no row was rejected. */
  readonly rejected: { readonly parquet: string; readonly csv: string } | null;
  readonly report: ValidationReport;
  /** Ids of all errors and warnings, in the scratch folder; null where there is none. */
  readonly findingIds: string | null;
  /** For the workbooks that the analyst gets; null where nothing is wrong. */
  readonly problems: ProblemList | null;
}

/**
 * Raw rows become typed ones, each checked. Accepted and rejected rows are written separately, and findings are
 * reported.
 */
export async function validateDelivery(scratch: Scratch, input: DeliveryInput): Promise<ValidationOutcome> {
  const { dataset, layout } = input;
  const judgement = await judge(scratch, input);
  const sha256 = await input.sha256;
  const status = judgement.refusals.length === 0 ? 'passed' : 'refused';
  const contract = contractFingerprint(dataset);
  const met = await keysMet(scratch, dataset, judgement.plan, input.references);
  const lastValues = new LastValues(input.lookUp ?? null);
  const about = { dataset, layout, last: input.last ?? null, lastValues };
  const { ids, ...collected } = await collectFindings(scratch, about, judgement);
  const problems = await collectProblems(scratch, layout, judgement);
  const cleaned =
    status === 'passed'
      ? await writeCleaned(scratch, judgement, footerOf(input, judgement, { contract, met, sha256 }))
      : null;
  const rejected = judgement.rows.rejected > 0 ? await writeRejected(scratch, layout, judgement) : null;
  const { extract } = judgement.typed;
  const report: ValidationReport = {
    version: input.version,
    dataset: dataset.name,
    title: dataset.title,
    owner: dataset.owner,
    period: input.period.text,
    slice: sliceText(input.slice),
    fileId: input.fileId,
    file: layout.file,
    sheet: layout.sheet,
    sha256,
    verdict: status,
    refusals: judgement.refusals,
    threshold: dataset.accept.maxRejected.value === 0 ? 'none' : dataset.accept.maxRejected.text,
    rows: judgement.rows,
    footerRows: judgement.footerRows,
    counts: judgement.findings,
    ...collected,
    notes: extract.form === 'canonical' ? extract.notes : [],
    checked: whatWasChecked(dataset, judgement, input.references),
    profile: besideLast(await profileColumns(scratch, judgement, cleaned), input.lastPeriod?.profile ?? null),
    lastPeriod: input.lastPeriod?.period ?? null,
    rejectedCsv: null,
  };
  return {
    status,
    contractFingerprint: contract,
    referenceFingerprint: input.referenceBasis ?? null,
    rows: judgement.rows,
    findings: judgement.findings,
    cleaned,
    rejected,
    report,
    findingIds: ids,
    problems,
  };
}

function footerOf(
  input: DeliveryInput,
  { rows }: Judgement,
  found: { readonly contract: string; readonly met: string | null; readonly sha256: string },
): Record<string, string> {
  return {
    dataset: input.dataset.name,
    period: input.period.text,
    slice: sliceText(input.slice),
    file_id: String(input.fileId),
    source_sha256: found.sha256,
    contract_fingerprint: found.contract,
    references: found.met ?? '[]',
    rows_read: String(rows.read),
    rows_accepted: String(rows.accepted),
    rows_rejected: String(rows.rejected),
    version: input.version,
  };
}
