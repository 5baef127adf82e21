/** What the docs say of a finding code. */
export interface CatalogueEntry {
  readonly code: string;
  readonly title: string;
  readonly meaning: string;
  readonly example: string;
  readonly cure: string;
}
