/** The comment for one cell of the analyst's workbook. */
export interface Annotation {
  /** From 0. */
  readonly column: number;
  /** From 1, as the workbook numbers it. */
  readonly row: number;
  readonly severity: 'error' | 'warning';
  readonly text: string;
}

export const NAME = 'Tidemark';

/** Red and amber light enough to read black text on. */
export const FILLS = { error: 'FFFFC7CE', warning: 'FFFFEB9C' } as const;
