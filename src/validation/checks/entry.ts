/** What the docs say of a finding code. */
export interface CatalogueEntry {
  readonly code: string;
  readonly title: string;
  readonly meaning: string;
  readonly example: string;
  readonly cure: string;
  /** Of a check that is configured: one line of YAML below `checks`, that works as it stands. */
  readonly config?: string;
}
