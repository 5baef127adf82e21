// The example pipeline in the repository root, three months from landed files to marts, on the embedded warehouse.
// Running it again finds nothing to do.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const call = [join(root, 'bin', 'tidemark.js'), 'run', '--from', '2025-04', '--to', '2025-06'];
// The demo never goes near a warehouse that the shell happens to name.
const { DATABASE_URL: _, ...env } = process.env;

const { status } = spawnSync(process.execPath, call, { stdio: 'inherit', cwd: root, env });
if (status !== 0) process.exit(status ?? 1);

console.log(`
Where to look
  the refused delivery, cell by cell   ${reportOfRefused()}
  the rows put aside                   data/stage/rejected/
  a mart as a spreadsheet              npx tidemark export mart.payments_by_region --format xlsx --file payments.xlsx
  the state of every month             npx tidemark status
  what happened to a dataset           npx tidemark history --dataset citizens
  your own spreadsheet                 npx tidemark init --from FILE my-pipeline`);

/** Of the two June deliveries of the register the first is the one that was refused. */
function reportOfRefused() {
  const folder = 'data/reports/citizens/2025-06';
  try {
    const [first] = readdirSync(join(root, folder)).sort((a, b) => Number(a) - Number(b));
    return `${folder}/${first}/report.html`;
  } catch {
    return folder;
  }
}
