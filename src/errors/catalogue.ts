import { command, option, type Words, words } from './advice.ts';
/**
 * Every error with which Tidemark can end: its code, the exit code on which the orchestrator acts, and the texts of
 * `docs/errors.md`, which is generated from here. Findings (problems in the data) have their own catalogue, beside the
 * checks.
 */

export interface ErrorEntry {
  /** The exit code: the caller decides by this number alone what it does next. */
  readonly exit: 1 | 2 | 3 | 4 | 5;
  /** What happened, in words an analyst or an operator understands. */
  readonly title: string;
  /** What to do about it. */
  readonly cure: Words;
}

export const ERRORS = {
  'already-exists': {
    exit: 2,
    title: 'The file or folder exists already.',
    cure: 'Choose another name, or remove what is there.',
  },
  'approval-needed': {
    exit: 4,
    title: 'The promotion waits for a person to approve it.',
    cure: words`Look at \`${command('diff')}\`, and approve what it shows with \`${command('approve')}\`.`,
  },
  'bad-config': {
    exit: 2,
    title: 'The configuration is not valid.',
    cure: words`Fix the line the message names, then run \`${command('config check')}\`.`,
  },
  'bad-environment': {
    exit: 2,
    title: 'The configuration names an environment variable that is not set.',
    cure: 'Set the variable, or write the value in the configuration.',
  },
  'bad-model': {
    exit: 2,
    title: 'A SQL model cannot be used.',
    cure: 'Fix the model file the message names.',
  },
  'batch-taken': {
    exit: 2,
    title: 'A batch of this name was handed over with other records.',
    cure: 'Hand over the very records of that batch, or give these a batch of their own.',
  },
  'blocked-delivery': {
    exit: 4,
    title: 'Two new files claim the same period and neither carries a version.',
    cure: words`Name the one that counts with \`${command('ingest', { filePath: true })}\`.`,
  },
  'changed-by-hand': {
    exit: 4,
    title: 'Rows of core were changed without Tidemark, and the rollback would overwrite these changes.',
    cure: 'Look at the rows the message names; put them back as the promotion left them, then roll back.',
  },
  'changed-since-ingest': {
    exit: 3,
    title: 'The landed file is not the one that passed the gate.',
    cure: words`Run \`${command('ingest')}\` again; it becomes a delivery of its own.`,
  },
  'check-failed': {
    exit: 3,
    title: 'A mart breaks one of its checks.',
    cure: 'Look at the rows the check names, fix the data or the model, and publish again.',
  },
  'correction-refused': {
    exit: 3,
    title: 'A correction cannot be applied.',
    cure: 'Look at what the message says about the value, the key or the checks, and correct again.',
  },
  'database-unreachable': {
    exit: 5,
    title: 'The database does not answer.',
    cure: 'Check that it runs and that the address is right; then run the same command again.',
  },
  'database-refused': {
    exit: 2,
    title: 'The database does not let us in, or denies a right that is needed.',
    cure: 'Check user, password and grants.',
  },
  'database-read-only': {
    exit: 5,
    title: 'The database takes no writes: it is a standby, or is set to read-only.',
    cure: 'Run the same command again when it takes writes, or give the address of the primary; target_session_attrs=read-write finds it among several hosts.',
  },
  'diff-changed': {
    exit: 4,
    title: 'The promotion would no longer make the change that was looked at.',
    cure: words`Look at \`${command('diff')}\` again, and approve the fingerprint that it prints.`,
  },
  'disk-full': {
    exit: 1,
    title: 'There is no room left on the disk.',
    cure: 'Free some space and run the same command again; nothing was lost.',
  },
  'duplicate-key': {
    exit: 4,
    title: 'Rows to be promoted share a key, or have none.',
    cure: 'Fix the delivery or the model, so that every key occurs once.',
  },
  'empty-delivery': {
    exit: 3,
    title: 'The delivery has no rows, so loading it would empty the period.',
    cure: words`If that is meant, run again with \`${option('allowEmpty')}\`.`,
  },
  'file-arriving': {
    exit: 5,
    title: 'The file is still being written.',
    cure: 'Run the same command again when the copy has finished.',
  },
  'file-unreadable': {
    exit: 3,
    title: 'The file cannot be read as what its name says it is.',
    cure: 'Save it again as .xlsx or .csv and drop it into data/landed.',
  },
  'file-refused': {
    exit: 3,
    title: 'The file did not pass the gate or the checks.',
    cure: 'Look at the findings, fix the file, and drop it into data/landed again.',
  },
  'reply-refused': {
    exit: 3,
    title: 'The filled-in corrections cannot be put in place.',
    cure: 'Correct your own file and deliver it again.',
  },
  'guard-tripped': {
    exit: 4,
    title: 'A guard stops the promotion.',
    cure: 'Look at what would change; if it is right, accept the guard by name with a reason.',
  },
  internal: {
    exit: 1,
    title: 'Something went wrong inside Tidemark.',
    cure: words`Run again with ${option('verbose')} and report what it prints.`,
  },
  'journal-pruned': {
    exit: 4,
    title: 'The promotion can no longer be rolled back: its before-images were pruned.',
    cure: 'Deliver the right rows and promote them.',
  },
  'limit-exceeded': {
    exit: 3,
    title: 'The file exceeds a limit.',
    cure: 'Split the file, or raise the limit the message names in datasets_config.yml.',
  },
  'lock-busy': {
    exit: 5,
    title: 'Another run holds what this one needs.',
    cure: words`Run the same command again later, or wait longer with ${option('lockTimeout')}.`,
  },
  'log-unreadable': {
    exit: 1,
    title: 'The log that a killed process left beside the warehouse file cannot be replayed.',
    cure: words`Run \`${command('doctor', { repair: true })}\`; it keeps the log as a copy and loses nothing that can be read.`,
  },
  'migration-needed': {
    exit: 2,
    title: 'The tables do not fit the configuration in a way that could lose data.',
    cure: words`Write the migration the message shows into migrations/, then run \`${command('migrate')}\`.`,
  },
  'migration-pending': {
    exit: 2,
    title: 'The database is not prepared for this version or configuration.',
    cure: words`Run \`${command('migrate')}\`.`,
  },
  'newer-schema': {
    exit: 2,
    title: 'The database was prepared by a newer Tidemark.',
    cure: 'Use that version, or a newer one.',
  },
  'no-such-file': { exit: 2, title: 'There is no such file.', cure: 'Check the path.' },
  'no-such-row': {
    exit: 2,
    title: 'The table has no row with that key.',
    cure: 'Check the key, and that the period was promoted.',
  },
  'not-loaded': {
    exit: 5,
    title: 'Nothing has been loaded for this period yet.',
    cure: words`Run \`${command('load-stage')}\` first.`,
  },
  'not-validated': {
    exit: 5,
    title: 'The newest delivery of this period has not been validated yet.',
    cure: words`Run \`${command('validate')}\` first; then run the same command again.`,
  },
  'nothing-landed': {
    exit: 5,
    title: 'No delivery has landed for this period yet.',
    cure: 'Wait for the file; then run the same command again.',
  },
  'older-load-gone': {
    exit: 4,
    title: 'Stage no longer has the rows of a later period as they were promoted.',
    cure: words`Promote that later period again, or bring its promoted delivery back with \`${command('load-stage', { fileId: true })}\`.`,
  },
  'orphan-rows': {
    exit: 4,
    title: 'Rows would refer to rows that core does not have.',
    cure: 'Deliver and promote what they refer to first.',
  },
  'out-of-landed': {
    exit: 3,
    title: 'The path leads out of the landed folder.',
    cure: 'Copy the file itself into data/landed.',
  },
  'parquet-mismatch': {
    exit: 3,
    title: 'The Parquet file is not the one that was validated, or does not fit the table.',
    cure: words`Run \`${command('validate')}\` for this period again.`,
  },
  'period-closed': {
    exit: 4,
    title: 'The period is closed, so that nothing of it changes any more.',
    cure: words`If it has to change all the same, reopen it with \`${command('period reopen')}\`.`,
  },
  'records-not-submitted': {
    exit: 5,
    title: 'No record was submitted by the run that the call names.',
    cure: words`Wait for the script that hands them over, or check the name; \`${command('records status')}\` lists the runs.`,
  },
  'records-unreadable': {
    exit: 3,
    title: 'What was handed over as records is not JSON.',
    cure: 'Fix the place that the message names and hand all of it over again.',
  },
  'records-pruned': {
    exit: 2,
    title: 'Texts of records are pruned, so that core cannot be made again from them.',
    cure: 'Leave core as it is, and hand over records for the rows that have to change.',
  },
  'reference-not-loaded': {
    exit: 5,
    title: 'A list that this dataset refers to was never delivered.',
    cure: 'Deliver that list first; then run the same command again.',
  },
  'reference-refused': {
    exit: 3,
    title: 'The newest delivery of a list that this dataset refers to was refused.',
    cure: words`Deliver a list that passes, or take the refused one away with \`${command('withdraw')}\`.`,
  },
  'reference-waits': {
    exit: 5,
    title: 'A newer delivery of a list that this dataset refers to is arriving, or was not validated yet.',
    cure: 'Wait until it is validated; then run the same command again.',
  },
  'rollback-blocked': {
    exit: 4,
    title: 'Later promotions have touched the rows that a rollback would put back.',
    cure: words`Roll those back first, or all of them together with ${option('cascade')}.`,
  },
  'seen-changed': {
    exit: 4,
    title: 'The decision would no longer do what its preview showed.',
    cure: words`Look at the preview again, and decide with the fingerprint that it prints: ${option('seen')}.`,
  },
  'statement-failed': {
    exit: 1,
    title: 'The database could not carry out a statement.',
    cure: 'Look at the cause in the message; nothing was changed.',
  },
  'tables-taken': {
    exit: 2,
    title: 'Another pipeline writes the same tables of this warehouse.',
    cure: 'Use another database or other names, of `schemas` too; where both are the same pipeline, give it one name in datasets_config.yml.',
  },
  'unknown-dataset': {
    exit: 2,
    title: 'The configuration has no such dataset.',
    cure: 'Check the name against datasets_config.yml.',
  },
  'unknown-delivery': {
    exit: 2,
    title: 'There is no delivery with that number.',
    cure: words`\`${command('history')}\` lists the deliveries.`,
  },
  'unknown-promotion': {
    exit: 2,
    title: 'There is no promotion with that number.',
    cure: words`\`${command('history')}\` lists the promotions.`,
  },
  usage: {
    exit: 2,
    title: 'The command line is not right.',
    cure: words`Run the command with ${option('help')}.`,
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
