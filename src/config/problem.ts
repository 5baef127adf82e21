/** A problem in the configuration, at a path in the file such as ['datasets', 'citizens', 'period']. */
export interface ConfigProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** The problem is the key itself (an unknown one), not its value. */
  readonly atKey?: boolean;
}
