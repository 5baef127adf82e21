import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** Of the machine while the bench ran, itself included: with one process at a time it stays below two. */
const load = () => `load average ${loadavg()[1].toFixed(1)}`;

/**
 * Rows are {what, product, peer, ratio, limit, note}: texts, but `ratio` and `limit` (numbers or null). A run of some
 * measures or of a tenth of the rows prints its table and leaves the file alone, so that the file is always of one run.
 */
export function writeResults(rows, { rounds, quick, whole }) {
  const table = [
    '| Measure | Tidemark | Against | Ratio | Limit | |',
    '|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${[row.what, row.product, row.peer, figure(row.ratio), limitText(row), verdict(row)].join(' | ')} |`),
  ];
  const notes = rows.filter((row) => row.note).map((row) => `- ${row.what}: ${row.note}`);
  const text = `# Results

Made by \`npm run bench\`. Both sides of a row ran in the same run, in turn, each as a process of its own; times are
medians of ${rounds} round${rounds === 1 ? '' : 's'}, from start to exit of the process. ${machine()}${quick ? ' A quick run: a tenth of the rows; its figures mean little.' : ''}

${table.join('\n')}
${notes.length > 0 ? `\n${notes.join('\n')}\n` : ''}`;
  if (whole && !quick) writeFileSync(join(here, 'results.md'), text);
  return text;
}

const figure = (ratio) => (ratio === null ? '–' : ratio.toFixed(2));

function limitText({ limit, below }) {
  if (limit === null) return '–';
  return `${below ? '<' : '≤'} ${limit}`;
}

function verdict({ ratio, limit, below }) {
  if (ratio === null || limit === null) return '';
  return (below ? ratio < limit : ratio <= limit) ? 'within' : '**over**';
}

function machine() {
  const revision = (() => {
    try {
      return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: here, encoding: 'utf8', stdio: 'pipe' }).trim();
    } catch {
      return 'unknown';
    }
  })();
  const processor = cpus()[0]?.model ?? 'unknown processor';
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${new Date().toISOString().slice(0, 10)}, revision ${revision}, Node ${process.versions.node}, ${cpus().length} × ${processor}, ${memory} GiB, ${load()}.`;
}

export const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
export const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
