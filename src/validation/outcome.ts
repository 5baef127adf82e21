import type { Basis } from '../checks/basis.ts';
import type { Dataset } from '../domain/dataset.ts';
import { sliceText } from '../domain/slice.ts';
import type { ProblemList } from '../reports/problem-list.ts';
import type { ValidationReport } from '../reports/validation-report.ts';
import { checkRows } from './check-rows.ts';
import type { RawRows } from './check-source.ts';
import type { CheckedSource } from './checked-rows.ts';
import { collectFindings } from './collect-findings.ts';
import { collectProblems } from './collect-problems.ts';
import { contractFingerprint } from './contract-fingerprint.ts';
import type { EarlierDeliveries } from './earlier.ts';
import { LastValues } from './findings/last-values.ts';
import { besideLast, profileColumns } from './profile.ts';
import { keysMet } from './references/keys-met.ts';
import type { Scratch } from './scratch.ts';
import { whatWasChecked } from './what-was-checked.ts';
import { writeCleaned } from './write-cleaned.ts';
import { writeRejected } from './write-rejected.ts';

export interface OutcomeAsked {
  readonly dataset: Dataset;
  readonly fileId: number;
  readonly rows: RawRows;
  readonly basis: Basis;
  /** The deliveries from which the lists of the basis come; null where only the delivery itself is read. */
  readonly lists: string | null;
  /**
   * SHA-256 of the landed file, which is hashed while it is read. Rejects where the file is not the one that was
   * ingested.
   */
  readonly sha256: Promise<string>;
  readonly version: string;
  readonly earlier: EarlierDeliveries;
}

/** The outcome of a validation; its files are still in the scratch folder. */
export interface ValidationOutcome {
  readonly status: 'passed' | 'refused';
  readonly contractFingerprint: string;
  /** The deliveries of lists against which it was checked; null where there are none. */
  readonly referenceFingerprint: string | null;
  readonly rows: CheckedSource['rows'];
  readonly findings: CheckedSource['findings'];
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
export async function outcomeOf(scratch: Scratch, asked: OutcomeAsked): Promise<ValidationOutcome> {
  const { dataset, basis, earlier } = asked;
  const { layout, slice } = asked.rows;
  const checked = await checkRows(scratch, dataset, asked.rows, basis);
  const { extract } = checked.typed;
  const sha256 = await asked.sha256;
  const status = checked.refusals.length === 0 ? 'passed' : 'refused';
  const contract = contractFingerprint(dataset);
  const met = await keysMet(scratch, dataset, checked, basis.references);
  const about = { dataset, layout, last: earlier.last, lastValues: new LastValues(earlier.lookUp) };
  const { ids, raw, ...collected } = await collectFindings(scratch, about, checked);
  const problems = await collectProblems(scratch, layout, { ...checked, raw });
  const footer = footerOf(asked, checked, { contract, met, sha256 });
  const cleaned = status === 'passed' ? await writeCleaned(scratch, checked, footer) : null;
  const rejected =
    checked.rows.rejected > 0 && raw !== null ? await writeRejected(scratch, layout, checked, raw) : null;
  const profile = await profileColumns(scratch, checked, cleaned);
  const report: ValidationReport = {
    version: asked.version,
    dataset: dataset.name,
    title: dataset.title,
    owner: dataset.owner,
    period: basis.period.text,
    slice: sliceText(slice),
    fileId: asked.fileId,
    file: layout.file,
    sheet: layout.sheet,
    sha256,
    verdict: status,
    refusals: checked.refusals,
    threshold: dataset.accept.maxRejected.value === 0 ? 'none' : dataset.accept.maxRejected.text,
    rows: checked.rows,
    footerRows: checked.footerRows,
    counts: checked.findings,
    ...collected,
    notes: extract.form === 'canonical' ? extract.notes : [],
    checked: whatWasChecked(dataset, checked, basis.references),
    profile: besideLast(profile, earlier.lastPeriod?.profile ?? null),
    lastPeriod: earlier.lastPeriod?.period ?? null,
    rejectedCsv: null,
  };
  return {
    status,
    contractFingerprint: contract,
    referenceFingerprint: asked.lists,
    rows: checked.rows,
    findings: checked.findings,
    cleaned,
    rejected,
    report,
    findingIds: ids,
    problems,
  };
}

function footerOf(
  { dataset, basis, fileId, version, rows: { slice } }: OutcomeAsked,
  { rows }: CheckedSource,
  found: { readonly contract: string; readonly met: string | null; readonly sha256: string },
): Record<string, string> {
  return {
    dataset: dataset.name,
    period: basis.period.text,
    slice: sliceText(slice),
    file_id: String(fileId),
    source_sha256: found.sha256,
    contract_fingerprint: found.contract,
    references: found.met ?? '[]',
    rows_read: String(rows.read),
    rows_accepted: String(rows.accepted),
    rows_rejected: String(rows.rejected),
    version,
  };
}
