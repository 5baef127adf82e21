import type { CommandSpec } from './command.ts';
import { approveCommand } from './commands/approve.ts';
import { configCheckCommand } from './commands/config-check.ts';
import { correctCommand } from './commands/correct.ts';
import { diffCommand } from './commands/diff.ts';
import { doctorCommand } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { goLiveCommand } from './commands/go-live.ts';
import { historyCommand } from './commands/history.ts';
import { ingestCommand } from './commands/ingest.ts';
import { initCommand } from './commands/init.ts';
import { loadStageCommand } from './commands/load-stage.ts';
import { migrateCommand } from './commands/migrate.ts';
import { peekCommand } from './commands/peek.ts';
import { periodCloseCommand, periodReopenCommand } from './commands/period.ts';
import { pruneCommand } from './commands/prune.ts';
import { publishCommand } from './commands/publish.ts';
import { recordsExportCommand } from './commands/records/export.ts';
import { recordsPromoteCommand } from './commands/records/promote.ts';
import { recordsRebuildCommand } from './commands/records/rebuild.ts';
import { recordsRetryCommand } from './commands/records/retry.ts';
import { recordsShowCommand } from './commands/records/show.ts';
import { recordsStatusCommand } from './commands/records/status.ts';
import { recordsSubmitCommand } from './commands/records/submit.ts';
import { recordsSummaryCommand } from './commands/records/summary.ts';
import { reportCommand } from './commands/report.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { runCommand } from './commands/run.ts';
import { statusCommand } from './commands/status.ts';
import { traceCommand } from './commands/trace.ts';
import { transformCommand } from './commands/transform.ts';
import { unloadCommand } from './commands/unload.ts';
import { validateCommand } from './commands/validate.ts';
import { withdrawCommand } from './commands/withdraw.ts';

/** Every command, in the order of the help. */
export const COMMANDS = [
  runCommand,
  ingestCommand,
  validateCommand,
  loadStageCommand,
  diffCommand,
  approveCommand,
  transformCommand,
  goLiveCommand,
  publishCommand,
  correctCommand,
  withdrawCommand,
  unloadCommand,
  rollbackCommand,
  periodCloseCommand,
  periodReopenCommand,
  recordsSubmitCommand,
  recordsPromoteCommand,
  recordsRetryCommand,
  recordsRebuildCommand,
  recordsStatusCommand,
  recordsShowCommand,
  recordsSummaryCommand,
  recordsExportCommand,
  statusCommand,
  historyCommand,
  reportCommand,
  traceCommand,
  exportCommand,
  peekCommand,
  initCommand,
  migrateCommand,
  pruneCommand,
  configCheckCommand,
  doctorCommand,
] as unknown as readonly CommandSpec[];
