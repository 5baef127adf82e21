/** A moment in the form of the log tables: UTC, no zone. */
export function timestamp(moment: Date): string {
  return moment.toISOString().replace('Z', '');
}
