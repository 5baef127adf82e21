/** One row as an engine returns it. */
export type EngineRow = Record<string, unknown>;

/** What a check needs of the DuckDB in which the rows are: it runs statements, and reads what they return. */
export interface CheckEngine {
  run(statement: string): Promise<void>;
  rows<R extends object = EngineRow>(statement: string): Promise<R[]>;
  /** The first row; for statements that always have one. */
  row<R extends object = EngineRow>(statement: string): Promise<R>;
  /** The first value of the first row, as a number. */
  count(statement: string): Promise<number>;
}

/** A statement that the engine could not execute; callers that run configured expressions explain why. */
export class StatementError extends Error {}
