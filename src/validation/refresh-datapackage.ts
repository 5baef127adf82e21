import { DATAPACKAGE_LOCK, isDatapackageCurrent, writeDatapackage } from '../lake/datapackage.ts';
import type { Project } from '../lake/project.ts';
import { currentFiles } from '../ledger/current-delivery.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

/**
 * Brings datapackage.json up to date. A caller that changed what is current calls it after the commit, and so does a
 * later caller, because the first one may have ended before. Where the file is right already, nothing is written.
 */
export async function refreshDatapackage(warehouse: Warehouse, project: Project): Promise<void> {
  if (await warehouse.read(async (session) => isDatapackageCurrent(project, await currentFiles(session))))
    return;
  await warehouse.transaction(async (tx) => {
    await tx.lock([DATAPACKAGE_LOCK]);
    writeDatapackage(project, await currentFiles(tx));
  });
}
