import { DATAPACKAGE_LOCK, writeDatapackage } from '../lake/datapackage.ts';
import type { Project } from '../lake/project.ts';
import { currentFiles } from '../ledger/validations.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

/** Brings datapackage.json to what is current now; whoever changes what is current calls it after that is committed. */
export async function refreshDatapackage(warehouse: Warehouse, project: Project): Promise<void> {
  await warehouse.transaction(async (tx) => {
    await tx.lock([DATAPACKAGE_LOCK]);
    writeDatapackage(project, await currentFiles(tx));
  });
}
