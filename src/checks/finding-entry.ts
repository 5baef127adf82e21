/** What the docs say about a finding code. */
export interface FindingEntry {
  readonly code: string;
  readonly title: string;
  readonly meaning: string;
  readonly example: string;
  readonly cure: string;
  /** For a configured check: one line of YAML below `checks` that works unchanged. */
  readonly config?: string;
}
