// The pictures of README.md, made from what the demo left: `npm run demo && npm run pictures`. Needs Debian's chromium.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = join(root, 'data', 'reports', 'citizens', '2025-06');
// Of the two June deliveries of the register the first is the one that was refused.
const [refused] = readdirSync(reports).sort((a, b) => Number(a) - Number(b));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, colorScheme: 'light' });
await page.goto(pathToFileURL(join(reports, refused, 'report.html')).href);
await page.screenshot({ path: join(root, 'docs', 'pictures', 'report.png') });
await browser.close();
console.log('docs/pictures/report.png');
