import { type CommandPart, command } from '../errors/advice.ts';

/** The command that writes what is wrong with the records of a dataset into a workbook. */
export function exportOfFailed(dataset: string): CommandPart {
  return command('records export', {
    dataset,
    failed: true,
    format: 'xlsx',
    output: `${dataset}_failed.xlsx`,
  });
}
