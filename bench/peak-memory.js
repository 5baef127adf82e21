// Preloaded into a measured process: at its end it writes the peak of its resident memory, native parts included.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  writeFileSync(process.env.TIDEMARK_BENCH_PEAK, String(process.resourceUsage().maxRSS * 1024));
});
