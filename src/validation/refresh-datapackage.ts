import { DATAPACKAGE_LOCK, isDatapackageCurrent, writeDatapackage } from '../lake/datapackage.ts';
import type { Project } from '../lake/project.ts';
import { currentFiles } from '../ledger/validations.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

/**
 * Brings datapackage.json to what is current now; whoever changes what is current calls it after that is committed, and
 * whoever comes after a call that may have ended in between. Where it is right already, nothing is written.
 */
export async function refreshDatapackage(warehouse: Warehouse, project: Project): Promise<void> {
  if (await warehouse.read(async (session) => isDatapackageCurrent(project, await currentFiles(session))))
    return;
  await warehouse.transaction(async (tx) => {
    await tx.lock([DATAPACKAGE_LOCK]);
    writeDatapackage(project, await currentFiles(tx));
  });
}
