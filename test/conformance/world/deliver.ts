import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Target } from '../../../src/domain/target.ts';
import { writeDatapackage } from '../../../src/lake/datapackage.ts';
import { cleanedPath, displayPath } from '../../../src/lake/project.ts';
import { currentFiles, makeCurrent } from '../../../src/ledger/current-delivery.ts';
import { logDelivery } from '../../../src/ledger/deliveries.ts';
import { timestamp } from '../../../src/ledger/timestamp.ts';
import { logValidation } from '../../../src/ledger/validations.ts';
import type { StepContext } from '../../../src/steps/step.ts';
import type { Session } from '../../../src/warehouse/warehouse.ts';
import { writeParquet } from '../../fixtures/parquet.ts';

/** What the log says of a delivery, where that differs from its file. */
export interface Otherwise {
  readonly footerPeriod?: string;
  readonly rows?: number;
  readonly status?: 'refused';
}

/**
 * A delivery as it stands after the gate and its validation, with whatever rows: also rows that these would refuse, and
 * without the time they take. Writes the Parquet of a SELECT, logs both as the steps do and makes the delivery current if
 * it passed. Answers its file_id.
 */
export function deliver(ctx: StepContext, target: Target, select: string, over: Otherwise): Promise<number> {
  return ctx.warehouse.transaction(async (tx) => {
    const fileId = await logFile(tx, ctx, target);
    const path = cleanedPath(ctx.project, { ...target, fileId });
    const parquetPath = displayPath(ctx.project, path);
    mkdirSync(dirname(path), { recursive: true });
    const written = await writeParquet(path, select, {
      'tidemark.dataset': target.dataset,
      'tidemark.period': over.footerPeriod ?? target.period,
      'tidemark.file_id': String(fileId),
    });
    const accepted = over.rows ?? written;
    const status = over.status ?? 'passed';
    const now = ctx.clock();
    const validationId = await logValidation(tx, {
      ...{ ...target, fileId, status, contractFingerprint: 'f', referenceFingerprint: null, version: '0' },
      ...{ parquetPath, parquetSha256: createHash('sha256').update(readFileSync(path)).digest('hex') },
      ...{ reportsPath: '', findings: { error: 0, warning: 0, info: 0 } },
      rows: { read: accepted, accepted, rejected: 0, blank: 0 },
      ...{ runId: ctx.runId, startedAt: now, finishedAt: now },
    });
    if (status === 'passed') {
      await makeCurrent(tx, target, { fileId, validationId }, { now, runId: ctx.runId });
      writeDatapackage(ctx.project, await currentFiles(tx));
    }
    return fileId;
  });
}

function logFile(tx: Session, ctx: StepContext, target: Target): Promise<number> {
  const now = timestamp(ctx.clock());
  return logDelivery(tx, {
    ...{ ...target, path: `data/landed/${target.dataset}.csv`, version: null, sha256: null, bytes: 1 },
    ...{ mtime: null, sheet: null, headerRow: 1, headersFound: null, headersMapped: null },
    ...{ status: 'accepted', duplicateOf: null, findingCount: 0, findings: null, sameBytesReason: null },
    ...{ runId: ctx.runId, startedAt: now, finishedAt: now },
  });
}
